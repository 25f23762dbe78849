import { render } from "preact";
import { z } from "zod";
import { browserContext, retryWhenBack } from "./session/page-context.ts";
import { PageSession } from "./session/page-session.ts";
import { App } from "./shell/app.tsx";
import { listen } from "./shell/listen.ts";
import { PageActions } from "./shell/page-actions.ts";
import { PageModel } from "./shell/page-model.ts";
import { loadFavicons } from "./state-bar/favicon.ts";
import "./styles/theme.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/layout.css";
import "./styles/state-bar.css";
import "./styles/gate.css";
import "./styles/coding.css";
import "./styles/panels.css";
import "./styles/narrow.css";

// Compiled schemas need `new Function`, which the page's security policy forbids.
z.config({ jitless: true });

const session = new PageSession(browserContext());
const page = new PageModel(session, location.pathname);
const actions = new PageActions(page);
listen(page, actions);
session.open();
retryWhenBack(session);
render(<App page={page} actions={actions} />, document.getElementById("app")!);
loadFavicons();

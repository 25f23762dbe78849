import type { Coupling, HeartOutput } from "@attune/signal";
import { Subject } from "rxjs";
import type { TimedReply } from "../analysis/live-analysis.ts";
import type { WindowVerdict } from "../analysis/messages.ts";
import { RunningTotals } from "./running-totals.ts";

/** What the analysis of a session gives, one by one and added up. */
export class SessionResults {
  readonly totals = new RunningTotals();
  readonly replies = new Subject<TimedReply>();
  readonly couplings = new Subject<Coupling>();
  readonly windows = new Subject<WindowVerdict>();
  readonly hearts = new Subject<HeartOutput>();

  take(reply: TimedReply): void {
    this.replies.next(reply);
    for (const window of reply.windows) {
      this.totals.window(window);
      this.windows.next(window);
    }
    for (const coupling of reply.couplings) {
      this.totals.coupling(coupling);
      this.couplings.next(coupling);
    }
    for (const output of reply.hearts) {
      this.totals.heart(output);
      this.hearts.next(output);
    }
  }

  complete(): void {
    for (const subject of [this.replies, this.couplings, this.windows, this.hearts]) subject.complete();
  }
}

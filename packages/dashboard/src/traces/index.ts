export { TracesPanel } from "./traces-panel.tsx";

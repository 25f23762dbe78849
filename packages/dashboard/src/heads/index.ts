export { HeadsPanel } from "./heads-panel.tsx";

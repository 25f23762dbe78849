export { HeartsPanel } from "./hearts-panel.tsx";

export { CouplingPanel } from "./coupling-panel.tsx";

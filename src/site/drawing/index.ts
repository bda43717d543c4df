/** Sequence diagrams as SVG, drawn in the build without a browser. In the page, use `in-page.ts`: it needs no Node. */
export { drawDiagram, drawStandalone } from './draw.ts';
export type { DiagramNames, Drawing, Theme } from './drawing.ts';
export { type DrawnText, textsOf } from './texts.ts';

/** kandian-core: highlights over any player. See docs/player.md. */

export { type AboutHighlight, type Card, type Cause, EVENTS, type KandianEvents, type Media, type MediaEvent } from "./contract";
export { KandianController } from "./controller";
export { type DeepLink, linkTo, readDeepLink } from "./deep-link";
export type * as File from "./highlights-1.0";
export { type Hit, search } from "./search";
export { type Highlight, type Product, Show, type TakeChoice, UnreadableHighlights, readShow } from "./show";
export { type Cue, type Picture, readCues, readPictures } from "./webvtt";

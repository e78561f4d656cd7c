/** kandian-timeline: dots and cards over any player's bar. See docs/player.md. */

import { define } from "../page/elements";
import { KandianTimeline } from "./timeline";

export * from "../core";
export { KandianTimeline };

define("kandian-timeline", KandianTimeline);

/** kandian-player: a whole player. See docs/player.md. */

import { define } from "../page/elements";
import { KandianPlayer } from "./player";

export * from "../timeline";
export { KandianPlayer };

define("kandian-player", KandianPlayer);

// Made by `make schema` from the API's OpenAPI document; not to be edited by hand.

/**
 * A highlight that the machine did not find. `highlight` is its id, new in this session.
 *
 * Without a title it is called as its products are.
 */
export interface Add {
  readonly kind: "add";
  readonly highlight: string;
  readonly product_ids: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly title: string;
  readonly seek?: number | null;
  readonly summary?: string;
}

/**
 * An `add` whose id is made by the server. Without a title it is called as its products are.
 */
export interface AddHere {
  readonly kind: "add";
  readonly product_ids: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly title?: string;
  readonly seek?: number | null;
  readonly summary?: string;
}

/**
 * The highlight is right as it is: its products and its edges stay whatever the machine finds later.
 */
export interface Approve {
  readonly kind: "approve";
  readonly highlight: string;
}

/**
 * The replay's audio. `recorded_lufs` is None where the show is silent; `gain_db` was added throughout.
 */
export interface AudioReport {
  readonly recorded_lufs: number | null;
  readonly gain_db: number;
}

/**
 * Other products; the first is the main one.
 */
export interface ChangeProduct {
  readonly kind: "change_product";
  readonly highlight: string;
  readonly product_ids: readonly string[];
}

/**
 * What the replay leaves out: `duration` seconds of recording time from `recording_start`, and why.
 */
export interface Cut {
  readonly recording_start: number;
  readonly duration: number;
  readonly reason: string;
  readonly kind?: "gap" | "repeat" | "no_picture" | "damage";
}

/**
 * How deliveries stand.
 */
export interface DeliveryList {
  readonly deliveries: readonly DeliveryReport[];
}

/**
 * How a delivery stands: to which host, how often it was tried, when next, and what was wrong the last time.
 */
export interface DeliveryReport {
  readonly session_id: string;
  readonly revision: number;
  readonly host: string;
  readonly state: "waiting" | "told" | "given_up";
  readonly attempts: number;
  readonly due_at: string | null;
  readonly told_at: string | null;
  readonly problem: string | null;
}

/**
 * The session with all edits. `edits`: how many there are. `refused`: what people refused, as it was then.
 */
export interface DraftView {
  readonly edits: number;
  readonly file: HighlightsFile;
  readonly refused: readonly Highlight[];
}

/**
 * An operation, with the highlights that it is about as they were seen: by these they are found in later takes.
 *
 * `suggested` are the ids of those that were suggestions then: changed but not approved, they stay suggestions.
 */
export interface Edit {
  readonly operation: Approve | Reject | Move | ChangeProduct | Retitle | Add | Split | Merge;
  readonly seen: readonly Highlight[];
  readonly suggested?: readonly string[];
}

/**
 * Edits, the first first. `next` is what to give as `after` for the page that follows; None on the last one.
 */
export interface EditPage {
  readonly edits: readonly LoggedEdit[];
  readonly next: number | null;
}

/**
 * A highlight that viewers have, and one product that it explains: from `start` to `end`, entered at `seek`, all
 * seconds of the replay.
 */
export interface Explanation {
  readonly session_id: string;
  readonly highlight_id: string;
  readonly product_id: string;
  readonly is_main: boolean;
  readonly is_best: boolean;
  readonly confidence: number;
  readonly start: number;
  readonly end: number;
  readonly seek: number;
  readonly title: string;
}

/**
 * An explanation of the product that was asked for. `latest`: the address of the session's latest.json.
 */
export interface FoundExplanation {
  readonly explanation: Explanation;
  readonly latest: string;
}

/**
 * Where viewers find a product explained, over all sessions: the best take first.
 */
export interface FoundExplanations {
  readonly product_id: string;
  readonly found: readonly FoundExplanation[];
}

/**
 * The shortest stretches in which all that was asked for was said, by session and time.
 *
 * `next` is what to give as `after` for the page that follows; None on the last one.
 */
export interface FoundSpoken {
  readonly found: readonly IndexedPassage[];
  readonly next: string | null;
}

/**
 * The answer of a server that is well.
 */
export interface Health {
  readonly status?: "ok";
}

/**
 * One entry of highlights.json. The first of `product_ids` is the main one; times are seconds of the replay.
 */
export interface Highlight {
  readonly id: string;
  readonly product_ids: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly seek: number;
  readonly confidence: number;
  readonly title: string;
  readonly summary: string;
  readonly moments: readonly Moment[];
  readonly reasons: readonly Reason[];
  readonly thumbnail: string | null;
  readonly take: number;
  readonly best_take: boolean;
  readonly status: "auto" | "approved" | "edited" | "added";
}

/**
 * highlights.json, schema version 1.0: the replay, its products, and where each is explained.
 *
 * `revision` is 0 until people publish. `replay` is the address of master.m3u8 relative to this file. `suggestions`
 * are below the publishing threshold: for editors, never for viewers. `unexplained` are listed products without a
 * highlight.
 */
export interface HighlightsFile {
  readonly schema_version: "1.0";
  readonly session_id: string;
  readonly revision: number;
  readonly duration: number;
  readonly language: "zh" | "en";
  readonly replay: string;
  readonly products: readonly PublicProduct[];
  readonly highlights: readonly Highlight[];
  readonly suggestions: readonly Highlight[];
  readonly unexplained: readonly string[];
}

/**
 * What was said in a stretch of a published session, replay seconds.
 */
export interface IndexedPassage {
  readonly session_id: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Who changed what, when. `number` counts the session's edits from 1; `words` say the edit to people.
 */
export interface LoggedEdit {
  readonly number: number;
  readonly made_at: string;
  readonly made_by: string;
  readonly words: string;
  readonly edit: Edit;
}

/**
 * One explanation: the highlight reaches from the first start to the last end, `others` are gone.
 */
export interface Merge {
  readonly kind: "merge";
  readonly highlight: string;
  readonly others: readonly string[];
}

/**
 * A point inside a highlight, with the words spoken there.
 */
export interface Moment {
  readonly kind: "price" | "demo" | "link" | "coupon" | "question";
  readonly at: number;
  readonly quote: string;
}

/**
 * Other edges; None leaves one to the machine. A new start is where players land, unless `seek`, given now or
 * before and still inside, says otherwise.
 */
export interface Move {
  readonly kind: "move";
  readonly highlight: string;
  readonly start?: number | null;
  readonly end?: number | null;
  readonly seek?: number | null;
}

/**
 * A problem document. `detail` is `what` and `remedy` in one line; `where`: in the request, or which thing.
 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly where?: string;
  readonly what?: string;
  readonly remedy?: string;
}

/**
 * The fields of a product that anyone may see. Prices are in units of `currency`, not minor units.
 */
export interface PublicProduct {
  readonly product_id: string;
  readonly link_no: number | null;
  readonly title: string;
  readonly short_name: string;
  readonly brand: string;
  readonly category: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly price: number | null;
  readonly list_price: number | null;
  readonly currency: string;
  readonly image: string | null;
  readonly url: string | null;
  readonly service_url: string | null;
}

/**
 * One revision of a session, how long its replay is and how many highlights it has.
 *
 * `digest` is of all that it holds but its number.
 */
export interface Publication {
  readonly session_id: string;
  readonly revision: number;
  readonly published_at: string;
  readonly published_by: string;
  readonly duration: number;
  readonly highlights: number;
  readonly digest: string;
}

/**
 * All revisions of a session, the first first.
 */
export interface PublicationList {
  readonly publications: readonly Publication[];
}

/**
 * A rendition's quality on samples of the show, at its crf: the mean of VMAF, and that of the worst 5 % of frames.
 *
 * `saved_to_veryfast` is the share of bits that it saves against plain x264 veryfast at the same VMAF. The processor
 * time of encoding is divided among the renditions in proportion to that of their samples: `cpu_seconds_per_hour` of
 * the show. `missed` says why VMAF is below the target. VMAF is null for a passthrough.
 */
export interface QualityReport {
  readonly vmaf: number | null;
  readonly vmaf_low: number | null;
  readonly saved_to_veryfast: number | null;
  readonly cpu_seconds_per_hour: number;
  readonly missed?: string;
}

/**
 * Why the machine thinks so, in words for people, with its time.
 */
export interface Reason {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * `edits`: how many the session has now. `made`: an id for each operation that made a highlight, else None.
 */
export interface RecordedEdits {
  readonly edits: number;
  readonly made: readonly (string | null)[];
}

/**
 * What was wrong with the recording. Counts are of all; `repairs` are the first hundred, on the recording clock.
 */
export interface RecordingReport {
  readonly cuts_in_all?: number;
  readonly seconds_left_out?: number;
  readonly repairs_in_all?: number;
  readonly repairs?: readonly Repair[];
}

/**
 * There is no such explanation. Takes of its product there are left out from now on.
 */
export interface Reject {
  readonly kind: "reject";
  readonly highlight: string;
}

/**
 * A revision that viewers have. `is_new` is false where nothing had changed since the last.
 */
export interface ReleasedView {
  readonly publication: Publication;
  readonly is_new: boolean;
  readonly highlights: string;
}

/**
 * One rendition of the video, packaging included. `crf` is its encoder's constant quality.
 *
 * `is_copy`: it is the recording's own video, except for `encoded_seconds` that had to be encoded. `raised_parts`
 * were encoded at a higher crf, to be no larger than the recording. `saved_to_source` is the share of bits that its
 * video saves against the recorded video, over the whole show; `quality` is measured on samples.
 */
export interface RenditionReport {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly size_bytes: number;
  readonly kilobits_per_second: number;
  readonly crf: number;
  readonly is_copy?: boolean;
  readonly encoded_seconds?: number;
  readonly raised_parts?: number;
  readonly saved_to_source?: number | null;
  readonly quality?: QualityReport | null;
}

/**
 * A fault of the recording that the replay doesn't show, or hardly: from `recording_start` on, `duration` seconds.
 *
 * `what` is a sentence for people, without the place; `count` is how often it happened, where that is told together.
 */
export interface Repair {
  readonly kind: "began_anew" | "wrapped" | "repeated" | "changed" | "strayed" | "cut_off" | "damaged" | "held" | "silent";
  readonly file: number;
  readonly recording_start: number;
  readonly duration: number;
  readonly what: string;
  readonly count?: number;
}

/**
 * The encode. `kilobits_per_second` counts all renditions, audio and packaging. `sound`: None where there is none.
 *
 * `left_out`: renditions that would be larger than the recording.
 */
export interface ReplayReport {
  readonly width: number;
  readonly height: number;
  readonly size_bytes: number;
  readonly kilobits_per_second: number;
  readonly renditions?: readonly RenditionReport[];
  readonly sound?: AudioReport | null;
  readonly search?: SearchReport | null;
  readonly left_out?: readonly SkippedRendition[];
}

/**
 * report.json. `artefacts` are the keys that the results were made from.
 *
 * `cuts` are the first hundred stretches that the replay leaves out. `title` and `started_at`: the session's.
 */
export interface Report {
  readonly schema_version: "1.0";
  readonly session_id: string;
  readonly duration: number;
  readonly stages: readonly StageCost[];
  readonly cpu_seconds: number;
  readonly peak_memory_mb: number;
  readonly replay: ReplayReport;
  readonly cuts: readonly Cut[];
  readonly warnings: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly artefacts: Readonly<Record<string, string>>;
  readonly recording?: RecordingReport;
  readonly title?: string;
  readonly started_at?: string | null;
}

/**
 * Other words; None leaves them to the machine.
 */
export interface Retitle {
  readonly kind: "retitle";
  readonly highlight: string;
  readonly title?: string | null;
  readonly summary?: string | null;
}

/**
 * The search for each rendition's crf: the seconds of samples, and its processor time as a share of the encode's.
 *
 * `unmeasured` says why there were no samples; then the crf comes from the settings.
 */
export interface SearchReport {
  readonly sampled_seconds: number;
  readonly cpu_share: number | null;
  readonly unmeasured?: string;
}

/**
 * How a session stands. Counts are of the draft; `revision` is 0 before the first publication.
 */
export interface SessionCard {
  readonly session_id: string;
  readonly state: "draft" | "published" | "changed";
  readonly duration: number;
  readonly language: "zh" | "en";
  readonly highlights: number;
  readonly suggestions: number;
  readonly products: number;
  readonly edits: number;
  readonly revision: number;
}

/**
 * Sessions by id; `unreadable` are those of the page whose results are damaged.
 *
 * `next` is what to give as `after` for the page that follows; None on the last one.
 */
export interface SessionPage {
  readonly sessions: readonly SessionCard[];
  readonly unreadable: readonly string[];
  readonly next: string | null;
}

/**
 * A session that viewers have. `latest`: the address of its latest.json; `highlights`: how many.
 */
export interface ShownSession {
  readonly session_id: string;
  readonly revision: number;
  readonly published_at: string;
  readonly duration: number;
  readonly highlights: number;
  readonly latest: string;
}

/**
 * Sessions that viewers have, the last published first. `next`: the offset of the page that follows, if any.
 */
export interface ShownSessions {
  readonly sessions: readonly ShownSession[];
  readonly next: number | null;
}

/**
 * A rendition that was not made, by name, and why.
 */
export interface SkippedRendition {
  readonly name: string;
  readonly reason: string;
}

/**
 * Two explanations of the same products: the first ends `at`, where the second, whose id is `second`, begins.
 */
export interface Split {
  readonly kind: "split";
  readonly highlight: string;
  readonly at: number;
  readonly second: string;
}

/**
 * A `split` whose second highlight gets its id from the server.
 */
export interface SplitHere {
  readonly kind: "split";
  readonly highlight: string;
  readonly at: number;
}

/**
 * What one stage cost, over all its parts, whichever run made them. `tasks_run`: how many the last run made.
 *
 * `peak_memory_mb` is that of the largest process, the worker itself or a program that it started.
 */
export interface StageCost {
  readonly stage: string;
  readonly tasks: number;
  readonly tasks_run: number;
  readonly wall_seconds: number;
  readonly cpu_seconds: number;
  readonly peak_memory_mb: number;
}

/**
 * One cue. Seconds on the recording clock; `text` is on one line, without tags.
 */
export interface SubtitleCue {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * How many deliveries that were given up are tried anew.
 */
export interface TakenUp {
  readonly count: number;
}

/**
 * Cues in the order of the show, seconds of the replay. `next` is the `begin` of the page that follows.
 */
export interface TranscriptPage {
  readonly cues: readonly SubtitleCue[];
  readonly total: number;
  readonly next: number | null;
}

/**
 * Operations in order, all of them or none. Each may be about what those before it changed.
 */
export interface WantedEdits {
  readonly operations: readonly (Approve | Reject | Move | ChangeProduct | Retitle | AddHere | SplitHere | Merge)[];
}

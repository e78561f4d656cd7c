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
 * An `add` whose id is made by the server. Without a title it gets that of its products.
 */
export interface AddRequest {
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
 * What the replay leaves out: `duration` seconds of recording time from `recording_start`. `reason`: for people.
 */
export interface Cut {
  readonly recording_start: number;
  readonly duration: number;
  readonly reason: string;
  readonly kind?: "gap" | "repeat" | "no_picture" | "damage";
}

/**
 * Webhook deliveries in one state.
 */
export interface DeliveryList {
  readonly deliveries: readonly DeliveryReport[];
}

/**
 * The state of a delivery: its host, past attempts, the next one, and the problem of the last one.
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
 * The session with all edits. `edits`: how many there are. `refused`: rejected highlights, as they were then.
 *
 * `judgements`: by the id of a highlight or suggestion, why the machine made it, and the runners-up: a product of them
 * is chosen by `change_product`, a start by `move`. `thresholds`: what the machine publishes; null where an earlier
 * version made the results.
 */
export interface DraftView {
  readonly edits: number;
  readonly file: HighlightsFile;
  readonly refused: readonly Highlight[];
  readonly judgements: Readonly<Record<string, TakeJudgement>>;
  readonly thresholds: PublishingThresholds | null;
}

/**
 * An operation, with the highlights that it is about as the editor saw them: these are matched to later takes.
 *
 * `suggested` are the ids of those that were suggestions: changed but not approved, they stay suggestions.
 */
export interface Edit {
  readonly operation: Approve | Reject | Move | ChangeProduct | Retitle | Add | Split | Merge;
  readonly seen: readonly Highlight[];
  readonly suggested?: readonly string[];
}

/**
 * Edits in order. `next` is the `after` of the next page; None on the last one.
 */
export interface EditPage {
  readonly edits: readonly LoggedEdit[];
  readonly next: number | null;
}

/**
 * Operations in order, all of them or none. Each may be about what those before it changed or made.
 */
export interface EditRequest {
  readonly operations: readonly (Approve | Reject | Move | ChangeProduct | Retitle | AddRequest | SplitRequest | Merge)[];
}

/**
 * A published highlight and one of its products. Seconds of the replay; players land at `seek`.
 *
 * `confidence`, `product_confidence`, `start_confidence`: as in highlights.json.
 */
export interface Explanation {
  readonly session_id: string;
  readonly highlight_id: string;
  readonly product_id: string;
  readonly is_main: boolean;
  readonly is_best: boolean;
  readonly confidence: number;
  readonly product_confidence: number;
  readonly start_confidence: number;
  readonly start: number;
  readonly end: number;
  readonly seek: number;
  readonly title: string;
}

/**
 * The answer of a healthy server.
 */
export interface Health {
  readonly status?: "ok";
}

/**
 * One entry of highlights.json. The first of `product_ids` is the main one; times are seconds of the replay.
 *
 * `product_confidence`: the machine's chance that the main product is explained there; `start_confidence`: if it is,
 * that the explanation begins from 10 s before to 5 s after `seek`; `confidence`: that both hold, their product. They
 * stay when people edit or approve: `status` says that somebody looked. What people add has 1. Files of earlier
 * versions have `confidence` alone; both are its square root then.
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
  readonly product_confidence?: number;
  readonly start_confidence?: number;
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
 * Who changed what, and when. `number` counts the session's edits from 1; `words` describe the edit.
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
 * A problem document. `detail` is `what` and `remedy` in one line; `where` is a field of the request or a thing.
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
 * A product that a take may be about instead, and the chance that it is.
 */
export interface ProductChance {
  readonly product_id: string;
  readonly chance: number;
}

/**
 * An explanation of the requested product. `latest`: the address of the session's latest.json.
 */
export interface ProductExplanation {
  readonly explanation: Explanation;
  readonly latest: string;
}

/**
 * Where a product is explained in all published sessions, the best take first.
 */
export interface ProductExplanations {
  readonly product_id: string;
  readonly found: readonly ProductExplanation[];
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
 * One revision of a session. `duration` is that of the replay, `highlights` counts them.
 *
 * `digest` is of its content without the revision's number.
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
 * All revisions of a session, in order.
 */
export interface PublicationList {
  readonly publications: readonly Publication[];
}

/**
 * A revision that viewers have. `is_new` is false where nothing had changed since the last.
 */
export interface PublishResponse {
  readonly publication: Publication;
  readonly is_new: boolean;
  readonly highlights: string;
}

/**
 * A published session. `latest`: the address of its latest.json; `highlights`: their number.
 */
export interface PublishedSession {
  readonly session_id: string;
  readonly revision: number;
  readonly published_at: string;
  readonly duration: number;
  readonly highlights: number;
  readonly latest: string;
}

/**
 * Published sessions, the last published first. `next`: the `offset` of the next page; None on the last one.
 */
export interface PublishedSessions {
  readonly sessions: readonly PublishedSession[];
  readonly next: number | null;
}

/**
 * The least chance of the product, and of the start, of a published take; the least of the product of a
 * suggestion.
 */
export interface PublishingThresholds {
  readonly product: number;
  readonly start: number;
  readonly suggestion: number;
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
 * A fault of the recording that the replay does not show, or hardly: `duration` seconds from `recording_start`.
 *
 * `what` is a sentence for people, without the time; `count` is how often it happened, where faults are summed up.
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
 * `speech` is null where captions were given.
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
  readonly speech?: SpeechReport | null;
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
 * How many deliveries that were given up are tried again.
 */
export interface RetryResult {
  readonly count: number;
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
 * The shortest runs of cues that hold every part of the query, by session and time.
 *
 * `next` is the `after` of the next page; None on the last one.
 */
export interface SearchResults {
  readonly found: readonly TranscriptHit[];
  readonly next: string | null;
}

/**
 * The state of a session. Counts are of the draft; `revision` is 0 before the first publication.
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
 * Sessions by id; `unreadable` are ids of the page whose results are damaged.
 *
 * `next` is the `after` of the next page; None on the last one.
 */
export interface SessionPage {
  readonly sessions: readonly SessionCard[];
  readonly unreadable: readonly string[];
  readonly next: string | null;
}

/**
 * A rendition that is left out, by name, and why.
 */
export interface SkippedRendition {
  readonly name: string;
  readonly reason: string;
}

/**
 * The half-open interval [start, end). Both ends are finite, 0 <= start <= end.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * How much of the voice was recognised. Null where captions were given.
 *
 * `voiced_minutes` have a voice, as far as the detector can tell it from music. `unheard_minutes` of them have no
 * text, or text too doubtful to count. `unheard` are the first hundred of these stretches, in seconds of the replay.
 * Text that is wrong but seems certain counts as recognised.
 */
export interface SpeechReport {
  readonly voiced_minutes: number;
  readonly unheard_minutes: number;
  readonly unheard?: readonly Span[];
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
export interface SplitRequest {
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
 * A place where the explanation may begin instead, and the chance that it does.
 */
export interface StartChance {
  readonly seek: number;
  readonly chance: number;
}

/**
 * What speaks for a take, or, below 0, against it, in nats.
 */
export interface TakeEvidence {
  readonly kind: "name" | "title" | "link" | "price" | "attribute" | "description" | "picture" | "log" | "context" | "talk" | "start" | "end" | "rival";
  readonly nats: number;
}

/**
 * Why the machine made a take, and what it might be instead.
 *
 * `evidence`: what speaks for it and against it, in nats by kind. `other_products`: up to three runners-up, and
 * `other_starts`: up to four, the likeliest first. `is_tie`: it is about one of two near-duplicates that nothing
 * distinguishes.
 */
export interface TakeJudgement {
  readonly is_tie?: boolean;
  readonly evidence?: readonly TakeEvidence[];
  readonly other_products?: readonly ProductChance[];
  readonly other_starts?: readonly StartChance[];
}

/**
 * One cue of the transcript. Seconds of the replay, with three decimals as in WebVTT; `text` is on one line.
 */
export interface TranscriptCue {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Neighbouring cues of a published session that together hold all phrases. Seconds of the replay.
 */
export interface TranscriptHit {
  readonly session_id: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Cues in the order of the show. `next` is the `begin` of the next page; None on the last one.
 */
export interface TranscriptPage {
  readonly cues: readonly TranscriptCue[];
  readonly total: number;
  readonly next: number | null;
}

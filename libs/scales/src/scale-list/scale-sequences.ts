/** Sequence numbers `from` to `to`, both included, as decimal strings. */
export interface SequenceRange {
  readonly from: string;
  readonly to: string;
}

/** What was heard of a scale: how far its reports are durably stored, and whether it is there. */
export interface ScaleSequence {
  readonly scaleId: string;
  /** The scale may forget everything up to here; null before its first report. */
  readonly ackedSeq: string | null;
  /** Reports that must exist, since later ones were heard, and that never came: the lowest ones first, bounded. */
  readonly missing: readonly SequenceRange[];
  readonly status: 'online' | 'offline' | 'unknown';
  /** ISO 8601 UTC. */
  readonly lastSeenAt: string | null;
}

/** How far scales have been heard. A port: listening belongs to another context, and the process binds it. */
export abstract class ScaleSequences {
  /** Those of the named scales from which anything was heard, in any order. One query, however many are asked for. */
  abstract find(municipalityId: string, scaleIds: readonly string[]): Promise<readonly ScaleSequence[]>;
}

/**
 * What a scale measured, as we understood it when it arrived. A weighing carries no money (architecture, decision 7)
 * and no personal data (decision 10): the card appears only as a keyed hash, the message only as its hash.
 */
export interface WasteWeighed {
  readonly type: 'WasteWeighed';
  readonly data: {
    readonly weighingId: string;
    readonly scaleId: string;
    readonly seq: number;
    readonly pointId: string;
    /** Whose card it was at that time; null for waste without a card or with a card that nobody registered. */
    readonly householdId: string | null;
    /** Keyed hash of the card's token, so that a card registered later can claim what it weighed. */
    readonly cardHash: string | null;
    readonly material: string;
    readonly grossGrams: number;
    readonly tareGrams: number;
    /** gross − tare, computed once, here. Never negative. */
    readonly netGrams: number;
    readonly entry: 'measured' | 'manual';
    /** Contract codes that speak against a reward, each found; whether they prevent it is the scheme's choice. */
    readonly reasons: readonly string[];
    readonly alibiId: string | null;
    readonly frame: string | null;
    /** The scale's claim, ISO 8601 UTC, and how far it may be trusted. */
    readonly weighedAt: string;
    readonly clock: 'ntp' | 'rtc' | 'none';
    /** When the backend heard it, ISO 8601 UTC. */
    readonly receivedAt: string;
    /** base64url SHA-256 of the received bytes, which lie in the evidence store. */
    readonly messageHash: string;
  };
}

/** A report, or a whole message, that waits for a person. Its bytes lie in the evidence store under `messageHash`. */
export interface ReportQuarantined {
  readonly type: 'ReportQuarantined';
  readonly data: {
    readonly quarantineId: string;
    /** The scale that the topic names, registered or not. */
    readonly scaleId: string;
    /** Known where the report itself could be read. */
    readonly seq: number | null;
    readonly weighingId: string | null;
    readonly reasons: readonly string[];
    /** What exactly was wrong, for a person: field paths and messages, never values. */
    readonly details: readonly string[];
    readonly topic: string;
    readonly receivedAt: string;
    readonly messageHash: string;
  };
}

export type WeighingEvent = WasteWeighed;
export type QuarantineEvent = ReportQuarantined;

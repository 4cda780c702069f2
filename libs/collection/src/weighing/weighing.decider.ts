import { type Decider } from '#kernel';
import { type WasteWeighed, type WeighingEvent } from '../events/weighing.events.js';
import { ImplausibleReport, type Implausibility } from './weighing.errors.js';

const HOUR_MS = 3_600_000;
/** A clock that is further ahead than this when a report arrives is wrong. */
const AHEAD_MS_MAX = 24 * HOUR_MS;
/** A report that waited longer than this is no longer taken at its word. */
const BEHIND_MS_MAX = 400 * 24 * HOUR_MS;

/** The instrument as its register has it when the report arrives. */
export interface ScaleAtWeighing {
  readonly scaleId: string;
  readonly pointId: string;
  readonly signed: boolean;
  /** Max and Min of the instrument (OIML R 76-1). */
  readonly capacityGrams: number;
  readonly minimumGrams: number;
  /** ISO 8601 UTC. */
  readonly verifiedUntil: string;
}

/** The card that was shown: its keyed hash, and whose it is, if anybody's. */
export interface ShownCard {
  readonly cardHash: string;
  readonly householdId: string | null;
}

/** What a scale says of one weighing; times and weights are its own claim. */
export interface ReportedWeighing {
  readonly seq: number;
  readonly weighingId: string;
  readonly weighedAt: string;
  readonly clock: 'ntp' | 'rtc' | 'none';
  readonly material: string;
  readonly grossGrams: number;
  readonly tareGrams: number;
  readonly stable: boolean;
  readonly entry: 'measured' | 'manual';
  readonly alibiId: string | null;
  readonly frame: string | null;
}

export interface RecordWeighing {
  readonly type: 'RecordWeighing';
  readonly report: ReportedWeighing;
  readonly scale: ScaleAtWeighing;
  /** Null for waste without a card. */
  readonly card: ShownCard | null;
  /** Whether the municipality collects the material. */
  readonly materialListed: boolean;
  readonly receivedAt: string;
  /** base64url SHA-256 of the message. */
  readonly messageHash: string;
}

export type Weighing = { readonly status: 'unrecorded' } | { readonly status: 'recorded' };

/** Contract codes that speak against a reward, each with what it means. */
const OBJECTIONS = [
  ['unsigned', ({ scale }) => !scale.signed],
  ['verification-expired', ({ scale, report }) => Date.parse(report.weighedAt) > Date.parse(scale.verifiedUntil)],
  ['unstable', ({ report }) => !report.stable],
  ['manual-entry', ({ report }) => report.entry === 'manual'],
  ['below-minimum', ({ scale, report }) => report.grossGrams < scale.minimumGrams],
  ['over-capacity', ({ scale, report }) => report.grossGrams > scale.capacityGrams],
  ['unknown-material', ({ materialListed }) => !materialListed],
  ['unknown-card', ({ card }) => card !== null && card.householdId === null],
] as const satisfies readonly (readonly [string, (command: RecordWeighing) => boolean])[];

/**
 * One weighing. The waste was on the scale, so a doubtful report is recorded with every reason against it and a scheme
 * decides what it earns; only what cannot have happened is refused. A repeat changes nothing.
 */
export const weighingDecider: Decider<Weighing, RecordWeighing, WeighingEvent> = {
  initialState: { status: 'unrecorded' },

  decide(command, weighing) {
    if (weighing.status === 'recorded') return [];
    const implausibilities = implausibilitiesOf(command);
    if (implausibilities.length > 0) throw new ImplausibleReport(implausibilities);
    return [weighed(command)];
  },

  evolve() {
    return { status: 'recorded' };
  },
};

function implausibilitiesOf({ report, receivedAt }: RecordWeighing): readonly Implausibility[] {
  const aheadMs = Date.parse(report.weighedAt) - Date.parse(receivedAt);
  return [
    ...(report.tareGrams > report.grossGrams ? (['tare-exceeds-gross'] as const) : []),
    ...(aheadMs > AHEAD_MS_MAX || aheadMs < -BEHIND_MS_MAX ? (['clock-implausible'] as const) : []),
  ];
}

function weighed(command: RecordWeighing): WasteWeighed {
  const { report, scale, card, receivedAt, messageHash } = command;
  return {
    type: 'WasteWeighed',
    data: {
      weighingId: report.weighingId,
      scaleId: scale.scaleId,
      seq: report.seq,
      pointId: scale.pointId,
      householdId: card?.householdId ?? null,
      cardHash: card?.cardHash ?? null,
      material: report.material,
      grossGrams: report.grossGrams,
      tareGrams: report.tareGrams,
      netGrams: report.grossGrams - report.tareGrams,
      entry: report.entry,
      reasons: OBJECTIONS.flatMap(([reason, holds]) => (holds(command) ? [reason] : [])),
      alibiId: report.alibiId,
      frame: report.frame,
      weighedAt: report.weighedAt,
      clock: report.clock,
      receivedAt,
      messageHash,
    },
  };
}

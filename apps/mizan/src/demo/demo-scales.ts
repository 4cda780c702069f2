import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Settings } from '#platform';
import {
  createScaleFolder,
  knownReceiptKeys,
  type NamedJwk,
  readIfPresent,
  replaceDurably,
  SimulatedScale,
  Village,
  type Visit,
  type VillageScale,
} from '#scale-simulator';
import { type ScaleParticulars } from '#scales';
import { instrument, type RefusedScale } from './demo-municipality.js';
import {
  HOUSEHOLDS,
  MUNICIPALITY,
  MUNICIPALITY_ID,
  POINTS,
  SCALE_INTERVAL_GRAMS,
  SCALE_MINIMUM_GRAMS,
} from './demo-village.js';

const HISTORY_DAYS = 60;
const HISTORY_REPORTS_PER_MESSAGE = 50;

/** How fast people come. */
export interface Pace {
  readonly firstVisitMs: number;
  readonly visitEveryMs: number;
  /** How much faster than in the village the weighings of one visit follow each other. */
  readonly haste: number;
}

/** A real village has a visit every ten minutes; who watches the demo should not have to wait that long. */
const PACE: Pace = { firstVisitMs: 2_000, visitEveryMs: 20_000, haste: 10 };

/** When and by which scales the past of the village was written; decided once, before any of it is. */
interface Origin {
  readonly untilMs: number;
  /** The first ones; scales that are added later have no past. */
  readonly scaleIds: readonly string[];
}

/**
 * The simulated scales of the demo. Each hands in what it weighed in the past weeks, as a scale does that was offline,
 * and then weighs on. Their keys and queues lie in the data folder and survive restarts.
 */
export class DemoScales {
  private readonly scales = new Map<string, SimulatedScale>();
  private readonly timers = new Set<NodeJS.Timeout>();

  private constructor(
    private readonly folder: string,
    private readonly places: readonly VillageScale[],
    /** To be registered before the scales are switched on. */
    readonly registrations: readonly ScaleParticulars[],
  ) {}

  /** Makes the folders of scales that are new, with their past in the queue. */
  static async prepare(
    { dataDir, simulatedScales }: Pick<Settings, 'dataDir' | 'simulatedScales'>,
    nowMs: number,
  ): Promise<DemoScales> {
    const folder = path.join(dataDir, 'scales');
    await mkdir(folder, { recursive: true });
    const wanted = Array.from({ length: simulatedScales }, (_, at) => villageScale(at));
    const origin = await originOf(folder, wanted, nowMs);
    const history = villageOf(origin.scaleIds.map((_, at) => villageScale(at)))?.history({
      untilMs: origin.untilMs,
      days: HISTORY_DAYS,
    });

    const registrations: ScaleParticulars[] = [];
    for (const { scaleId, pointId } of wanted) {
      const { kid, publicJwk } = await createScaleFolder({
        folder: path.join(folder, scaleId),
        scaleId,
        weighings: history?.get(scaleId) ?? [],
        reportsPerMessageMax: HISTORY_REPORTS_PER_MESSAGE,
      });
      const trust = { kind: 'signed', kid, key: publicJwk } as const;
      registrations.push({ ...instrument(), scaleId, pointId, trust, firstSeq: 1 });
    }
    return new DemoScales(folder, wanted, registrations);
  }

  /**
   * Switches the scales on and lets people come. A scale that cannot be switched on is said and left out.
   * @param refused scales that the register does not take: what they say would only be quarantined
   */
  async start(
    { brokerUrl, receiptKey, pace = PACE }: { brokerUrl: string; receiptKey: NamedJwk; pace?: Pace },
    refused: readonly RefusedScale[] = [],
  ): Promise<void> {
    const receiptKeys = knownReceiptKeys(receiptKey);
    for (const { scaleId, reason } of refused) warn(scaleId, reason);
    for (const { scaleId } of this.registrations) {
      if (refused.some((scale) => scale.scaleId === scaleId)) continue;
      try {
        const scale = await SimulatedScale.open({
          scaleId,
          folder: path.join(this.folder, scaleId),
          brokerUrl,
          receiptKeys,
          reportsPerMessageMax: HISTORY_REPORTS_PER_MESSAGE,
          onProblem: (problem) => warn(scaleId, problem),
        });
        this.scales.set(scaleId, scale);
        scale.connect();
      } catch (problem) {
        warn(scaleId, problem);
      }
    }
    this.letPeopleCome(pace);
  }

  /** Weighings that no receipt covers yet. */
  get reportsHeld(): number {
    return [...this.scales.values()].reduce((sum, { reportsHeld }) => sum + reportsHeld, 0);
  }

  /** Switches the scales off properly; what they hold stays in their folders. */
  async stop(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all([...this.scales.values()].map((scale) => scale.close()));
  }

  private letPeopleCome(pace: Pace): void {
    const village = villageOf(this.places.filter(({ scaleId }) => this.scales.has(scaleId)));
    if (!village) return;
    const visits = village.visits(new Date().toISOString());
    const welcome = (): void => {
      this.receive(visits.next().value, pace);
      this.after(pace.visitEveryMs, welcome);
    };
    this.after(pace.firstVisitMs, welcome);
  }

  private receive({ scaleId, weighings }: Visit, { haste }: Pace): void {
    for (const { afterMs, weighing } of weighings) {
      this.after(afterMs / haste, () => {
        this.scales
          .get(scaleId)
          ?.weigh(weighing)
          .catch((problem: unknown) => {
            warn(scaleId, problem);
          });
      });
    }
  }

  private after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, ms);
    this.timers.add(timer);
  }
}

/** The scale goes on, or is left out; the demo goes on in any case. */
function warn(scaleId: string, problem: unknown): void {
  console.warn(`Simulated scale ${scaleId}: ${String(problem)}`);
}

function villageScale(at: number): VillageScale {
  const point = POINTS[at % POINTS.length];
  if (!point) throw new Error('The demo has no points');
  return {
    scaleId: `${MUNICIPALITY_ID}-${String(at + 1).padStart(2, '0')}`,
    pointId: point.pointId,
    materials: point.materials,
  };
}

/** A start that was killed half way is finished by the next one with the same past, and no scale tells it twice. */
async function originOf(folder: string, scales: readonly VillageScale[], nowMs: number): Promise<Origin> {
  const file = path.join(folder, 'origin.json');
  const stored = await readIfPresent(file);
  if (stored) return JSON.parse(stored.toString()) as Origin;
  const origin: Origin = { untilMs: nowMs, scaleIds: scales.map(({ scaleId }) => scaleId) };
  // Without scales nothing has begun: the first ones that there will be have a past, whenever they come.
  if (scales.length === 0) return origin;
  await replaceDurably(file, JSON.stringify(origin), 0o600);
  return origin;
}

/** Undefined without scales: there is nowhere to go. */
function villageOf(scales: readonly VillageScale[]): Village | undefined {
  if (scales.length === 0) return undefined;
  return new Village({
    seed: MUNICIPALITY_ID,
    timeZone: MUNICIPALITY.timeZone,
    households: HOUSEHOLDS,
    divisionGrams: SCALE_INTERVAL_GRAMS,
    minimumGrams: SCALE_MINIMUM_GRAMS,
    scales,
  });
}

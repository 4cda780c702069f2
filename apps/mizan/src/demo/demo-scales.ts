import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type ReceiptPublicJwk, type Settings } from '#platform';
import {
  createScaleFolder,
  knownReceiptKeys,
  readIfPresent,
  replaceDurably,
  SimulatedScale,
  Village,
  type Visit,
  type VillageScale,
} from '#scale-simulator';
import { type ScaleParticulars } from '#scales';
import { instrument } from './demo-municipality.js';
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
/** A real village has a visit every ten minutes; who watches the demo should not have to wait that long. */
const VISIT_MS = 20_000;
const FIRST_VISIT_MS = 2_000;
/** How much faster than in the village the weighings of one visit follow each other. */
const VISIT_HASTE = 10;

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
    /** Undefined without scales: there is nowhere to go. */
    private readonly village: Village | undefined,
    /** To be registered before the scales are switched on. */
    readonly registrations: readonly ScaleParticulars[],
  ) {}

  /** Makes the folders of scales that are new, with their past in the queue. */
  static async prepare({ dataDir, simulatedScales }: Settings, nowMs: number): Promise<DemoScales> {
    const folder = path.join(dataDir, 'scales');
    await mkdir(folder, { recursive: true });
    const wanted = Array.from({ length: simulatedScales }, (_, at) => villageScale(at));
    const origin = await originOf(folder, wanted, nowMs);
    const past = villageOf(origin.scaleIds.map((_, at) => villageScale(at)));
    const history = past?.history({ untilMs: origin.untilMs, days: HISTORY_DAYS });

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
    return new DemoScales(folder, villageOf(wanted), registrations);
  }

  /** Switches the scales on and lets people come. */
  async start(brokerUrl: string, receiptKey: ReceiptPublicJwk): Promise<void> {
    const receiptKeys = knownReceiptKeys(receiptKey);
    for (const { scaleId } of this.registrations) {
      const scale = await SimulatedScale.open({
        scaleId,
        folder: path.join(this.folder, scaleId),
        brokerUrl,
        receiptKeys,
        reportsPerMessageMax: HISTORY_REPORTS_PER_MESSAGE,
        onProblem: (problem) => console.warn(`Simulated scale ${scaleId}: ${String(problem)}`),
      });
      this.scales.set(scaleId, scale);
      scale.connect();
    }
    const visits = this.village?.visits(new Date().toISOString());
    if (!visits) return;
    const welcome = (): void => {
      this.receive(visits.next().value);
      this.after(VISIT_MS, welcome);
    };
    this.after(FIRST_VISIT_MS, welcome);
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

  private receive({ scaleId, weighings }: Visit): void {
    for (const { afterMs, weighing } of weighings) {
      this.after(afterMs / VISIT_HASTE, () => {
        this.scales
          .get(scaleId)
          ?.weigh(weighing)
          .catch((problem: unknown) => console.warn(`Simulated scale ${scaleId} did not weigh: ${String(problem)}`));
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
  await replaceDurably(file, JSON.stringify(origin), 0o600);
  return origin;
}

function plan() {
  return {
    seed: MUNICIPALITY_ID,
    timeZone: MUNICIPALITY.timeZone,
    households: HOUSEHOLDS,
    divisionGrams: SCALE_INTERVAL_GRAMS,
    minimumGrams: SCALE_MINIMUM_GRAMS,
  };
}

function villageOf(scales: readonly VillageScale[]): Village | undefined {
  return scales.length === 0 ? undefined : new Village({ ...plan(), scales });
}

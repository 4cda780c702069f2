import { type CommandBus } from '@nestjs/cqrs';
import { EstablishMunicipalityCommand, ListMaterialCommand, OpenCollectionPointCommand } from '#collection';
import { comparePositions, type EventMetadata, type Position, START } from '#event-store';
import { IssueCardCommand, RegisterHouseholdCommand } from '#households';
import { type Accounts, DemoAccounts } from '#identity';
import { DomainError } from '#kernel';
import { PublishSchemeCommand } from '#rewards';
import { RegisterScaleCommand, type ScaleParticulars } from '#scales';
import { type ReadModelProgress } from '#subscriptions';
import {
  ACCOUNTS,
  DEMO_CARD,
  HOUSEHOLDS,
  MATERIALS,
  MUNICIPALITY,
  MUNICIPALITY_ID,
  POINTS,
  SCALE_CAPACITY_GRAMS,
  SCALE_INTERVAL_GRAMS,
  SCALE_MINIMUM_GRAMS,
  SCALE_VERIFIED_UNTIL,
  SCHEME,
  SCHEME_EFFECTIVE_FROM,
  SCHEME_ID,
  UNSIGNED_SCALE,
} from './demo-village.js';

const METADATA: EventMetadata = {
  municipalityId: MUNICIPALITY_ID,
  correlationId: 'demo',
  causationId: 'demo',
  actor: 'system',
};
const READ_MODEL_MS_MAX = 30_000;

type Command = Parameters<CommandBus['execute']>[0];

/** A scale that the register does not take as it is. */
export interface RefusedScale {
  readonly scaleId: string;
  readonly reason: string;
}

/** How a stranger signs in, as GET /demo tells it. */
export class PublishedDemoAccounts extends DemoAccounts {
  readonly unsignedScale = UNSIGNED_SCALE.scaleId;
  readonly card = DEMO_CARD;
  readonly accounts = ACCOUNTS;
}

/** Loads the demo through the same commands that a municipality uses. Loading it again changes nothing. */
export class DemoMunicipality {
  constructor(
    private readonly commands: CommandBus,
    private readonly accounts: Accounts,
    private readonly readModel: ReadModelProgress,
  ) {}

  /**
   * Resolves when everything can be seen, and scales may report.
   * @returns the scales that may not: who keeps a database but loses the data folder has scales with other keys than
   * those that are registered
   */
  async load(signedScales: readonly ScaleParticulars[]): Promise<readonly RefusedScale[]> {
    const refused: RefusedScale[] = [];
    const positions = [
      await this.each([new EstablishMunicipalityCommand(MUNICIPALITY, METADATA)]),
      await this.each(MATERIALS.map((material) => new ListMaterialCommand(material, METADATA))),
      await this.each(POINTS.map((point) => new OpenCollectionPointCommand(point, METADATA))),
      await this.each([
        new PublishSchemeCommand(
          { schemeId: SCHEME_ID, version: 1, effectiveFrom: SCHEME_EFFECTIVE_FROM, scheme: SCHEME },
          METADATA,
        ),
      ]),
      await this.register([unsignedScale(), ...signedScales], refused),
      await this.atOnce(
        HOUSEHOLDS.map(
          ({ householdId, kind, persons, name }) =>
            new RegisterHouseholdCommand({ householdId, kind, persons }, name, METADATA),
        ),
      ),
      await this.atOnce(
        HOUSEHOLDS.flatMap(({ householdId, cards }) =>
          cards.map((card) => new IssueCardCommand(householdId, card, METADATA)),
        ),
      ),
    ];
    await this.ensureAccounts();
    await this.readModel.waitFor(latest(positions), { timeoutMs: READ_MODEL_MS_MAX });
    return refused;
  }

  private async register(scales: readonly ScaleParticulars[], refused: RefusedScale[]): Promise<Position> {
    const positions = scales.map((scale) =>
      this.execute(new RegisterScaleCommand(scale, METADATA)).catch((error: unknown) => {
        if (!(error instanceof DomainError)) throw error;
        refused.push({ scaleId: scale.scaleId, reason: error.message });
        return START;
      }),
    );
    return latest(await Promise.all(positions));
  }

  private async ensureAccounts(): Promise<void> {
    const [first] = HOUSEHOLDS;
    for (const { role, login, password, name } of ACCOUNTS) {
      await this.accounts.ensure({
        role,
        login,
        password,
        name,
        municipalityId: MUNICIPALITY_ID,
        householdId: role === 'household' ? (first?.householdId ?? null) : null,
        demo: true,
      });
    }
  }

  /** One after the other: they change the same stream. */
  private async each(commands: readonly Command[]): Promise<Position> {
    const positions: Position[] = [];
    for (const command of commands) positions.push(await this.execute(command));
    return latest(positions);
  }

  /** Together: each has a stream of its own, and the log commits them in few transactions. */
  private async atOnce(commands: readonly Command[]): Promise<Position> {
    return latest(await Promise.all(commands.map((command) => this.execute(command))));
  }

  private async execute(command: Command): Promise<Position> {
    const { position } = await this.commands.execute<Command, { readonly position: Position }>(command);
    return position;
  }
}

function unsignedScale(): ScaleParticulars {
  return { ...instrument(), ...UNSIGNED_SCALE, trust: { kind: 'unsigned' }, firstSeq: null };
}

/** What all scales of the demo have in common. */
export function instrument(): Pick<
  ScaleParticulars,
  'capacityGrams' | 'minimumGrams' | 'intervalGrams' | 'verifiedUntil'
> {
  return {
    capacityGrams: SCALE_CAPACITY_GRAMS,
    minimumGrams: SCALE_MINIMUM_GRAMS,
    intervalGrams: SCALE_INTERVAL_GRAMS,
    verifiedUntil: SCALE_VERIFIED_UNTIL,
  };
}

function latest(positions: readonly Position[]): Position {
  return positions.reduce((a, b) => (comparePositions(a, b) < 0 ? b : a), START);
}

import path from 'node:path';
import { z } from 'zod';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** What an operator must write to run the demo, whose passwords are public, where others can reach it. */
const DEMO_IN_SO_MANY_WORDS = 'anyone-may-sign-in';

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(['0', '1']).transform((text) => text === '1');
/** Of several hosts too, which is no URL. Its former name, esdb, is taken as well. */
const KURRENTDB_URL = /^(kurrentdb|esdb)(\+discover)?:\/\/[^\s/]+/;
const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be a URL that starts with ${protocols.map((one) => `${one}//`).join(' or ')}`,
    );

/** Every setting there is, with its default. Anything else named MIZAN_* in the environment is a slip of the pen. */
const environment = z
  .object({
    PORT: port.default(3000),
    HOST: z.string().min(1).default('127.0.0.1'),
    MQTT_PORT: port.default(1883),
    MIZAN_DATA: z.string().min(1).default('./.mizan'),
    MIZAN_DEMO: flag.default(false),
    MIZAN_DEMO_ON_A_PUBLIC_HOST: z.string().optional(),
    MIZAN_SIMULATED_SCALES: z.coerce.number().int().min(0).max(500).default(5),
    DATABASE_URL: url('postgres:', 'postgresql:').optional(),
    MQTT_URL: url('mqtt:', 'mqtts:').optional(),
    EVENT_STORE: z.enum(['postgres', 'kurrentdb']).default('postgres'),
    KURRENTDB_URL: z
      .string()
      .regex(
        KURRENTDB_URL,
        'must be a connection string of KurrentDB that starts with kurrentdb:// or kurrentdb+discover://',
      )
      .optional(),
    KURRENTDB_LOG: z
      .string()
      .regex(/^[a-z0-9]{1,32}$/, 'must be 1 to 32 small letters and digits')
      .default('mizan'),
  })
  .superRefine((settings, context) => {
    if (settings.EVENT_STORE === 'kurrentdb' && settings.KURRENTDB_URL === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['KURRENTDB_URL'],
        message: 'EVENT_STORE=kurrentdb needs it: the connection string of the server or cluster',
      });
    }
    if (
      settings.MIZAN_DEMO &&
      !LOOPBACK.has(settings.HOST) &&
      settings.MIZAN_DEMO_ON_A_PUBLIC_HOST !== DEMO_IN_SO_MANY_WORDS
    ) {
      context.addIssue({
        code: 'custom',
        path: ['MIZAN_DEMO'],
        message:
          `the demo's passwords are public, so it runs on a loopback HOST only; to run it on ${settings.HOST} all the ` +
          `same, set MIZAN_DEMO_ON_A_PUBLIC_HOST=${DEMO_IN_SO_MANY_WORDS}`,
      });
    }
  });

/** Their names, for whoever lists them. */
export const SETTING_NAMES: readonly string[] = Object.keys(environment.shape);

/** Names every setting that is wrong, not only the first. */
export class InvalidSettings extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`Settings that cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'InvalidSettings';
  }
}

/** Where the event log is, when it is in KurrentDB. */
export interface KurrentDbSettings {
  /** The connection string, with credentials and TLS. */
  readonly url: string;
  /** The name of this installation's log among others on the same server. */
  readonly log: string;
}

/** The settings of a process, validated once at its start. The list of names and defaults is docs/operating.md's too. */
export class Settings {
  private constructor(
    readonly port: number,
    readonly host: string,
    readonly mqttPort: number,
    /** Absolute. */
    readonly dataDir: string,
    readonly demo: boolean,
    readonly simulatedScales: number,
    /** Absent: the embedded PostgreSQL of the data folder. */
    readonly databaseUrl: string | undefined,
    /** Absent: the embedded broker. */
    readonly mqttUrl: string | undefined,
    /** Absent: the event log is in PostgreSQL. */
    readonly kurrentDb: KurrentDbSettings | undefined,
  ) {}

  /** @throws InvalidSettings */
  static fromEnvironment(env: Readonly<Record<string, string | undefined>>): Settings {
    // An empty variable means "not set": compose files and shells write them that way.
    const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
    const unknown = Object.keys(given).filter((name) => name.startsWith('MIZAN_') && !SETTING_NAMES.includes(name));
    const parsed = environment.safeParse(given);
    const problems = [
      ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
      ...unknown.map((name) => `${name}: there is no such setting`),
    ];
    if (!parsed.success || problems.length > 0) throw new InvalidSettings(problems);
    const values = parsed.data;
    return new Settings(
      values.PORT,
      values.HOST,
      values.MQTT_PORT,
      path.resolve(values.MIZAN_DATA),
      values.MIZAN_DEMO,
      values.MIZAN_SIMULATED_SCALES,
      values.DATABASE_URL,
      values.MQTT_URL,
      values.EVENT_STORE === 'kurrentdb' && values.KURRENTDB_URL !== undefined
        ? { url: values.KURRENTDB_URL, log: values.KURRENTDB_LOG }
        : undefined,
    );
  }
}

import { InvalidFields, sameContent, type Decider, type FieldFault } from '#kernel';
import { type PublicJwk, type ScaleEvent, type ScaleRegistered } from '../events/scale.events.js';
import { ScaleAlreadyRegistered } from './scale.errors.js';

/** Far above any scale that a bag is put on, far below 2^53; the protocol accepts no heavier report. */
const CAPACITY_GRAMS_MAX = 100_000_000;
const KID_LENGTH_MAX = 128;
/** A scale counts from here unless it says otherwise. */
const FIRST_SEQ = 1;
/** The scale's id stands in the topics of the protocol and must not change their shape. */
const SCALE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** ISO 8601 with its offset from UTC: a time without one means another instant on another computer. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
/** 32 bytes as base64url (RFC 8037 for Ed25519, RFC 7518 § 6.2.1 for P-256). */
const COORDINATE = /^[A-Za-z0-9_-]{43}$/;

export type ScaleTrust = ScaleRegistered['data']['trust'];

export interface RegisterScale {
  readonly type: 'RegisterScale';
  readonly municipalityId: string;
  readonly scaleId: string;
  readonly pointId: string;
  readonly trust: ScaleTrust;
  readonly capacityGrams: number;
  readonly minimumGrams: number;
  readonly intervalGrams: number;
  /** ISO 8601. A date that has passed is accepted: the scale is registered, and what it weighs earns nothing. */
  readonly verifiedUntil: string;
  /** null where the caller does not say: a signed scale then begins with 1, an unsigned one with its first report. */
  readonly firstSeq: number | null;
}

export type Scale =
  | { readonly status: 'unregistered' }
  | { readonly status: 'registered'; readonly particulars: ScaleRegistered['data'] };

/** The register of instruments: who may speak on a scale's topics, and what its weights are worth. */
export const scaleDecider: Decider<Scale, RegisterScale, ScaleEvent> = {
  initialState: { status: 'unregistered' },

  decide(command, scale) {
    const faults = faultsOf(command);
    if (faults.length > 0) throw new InvalidFields(faults);

    const particulars = particularsOf(command);
    if (scale.status === 'unregistered') return [{ type: 'ScaleRegistered', data: particulars }];
    if (!sameContent(scale.particulars, particulars)) throw new ScaleAlreadyRegistered(command.scaleId);
    return [];
  },

  evolve(_, { data }) {
    return { status: 'registered', particulars: data };
  },
};

function particularsOf(command: RegisterScale): ScaleRegistered['data'] {
  const { municipalityId, scaleId, pointId, trust, capacityGrams, minimumGrams, intervalGrams } = command;
  return {
    municipalityId,
    scaleId,
    pointId,
    trust:
      trust.kind === 'signed' ? { kind: 'signed', kid: trust.kid, key: publicPartOf(trust.key) } : { kind: 'unsigned' },
    capacityGrams,
    minimumGrams,
    intervalGrams,
    verifiedUntil: new Date(command.verifiedUntil).toISOString(),
    firstSeq: command.firstSeq ?? (trust.kind === 'signed' ? FIRST_SEQ : null),
  };
}

/** Only what identifies the key, so that the same key sent with other remarks (`use`, `alg`) is the same scale. */
function publicPartOf({ kty, crv, x, y }: PublicJwk): PublicJwk {
  return y === undefined ? { kty, crv, x } : { kty, crv, x, y };
}

function faultsOf(command: RegisterScale): readonly FieldFault[] {
  const { scaleId, capacityGrams, minimumGrams, intervalGrams, verifiedUntil, firstSeq } = command;
  const faults: FieldFault[] = [];
  const refuse = (wrong: boolean, fault: FieldFault) => {
    if (wrong) faults.push(fault);
  };

  refuse(!SCALE_ID.test(scaleId), { field: 'scaleId', code: 'not-a-scale-id' });
  refuse(!isCount(capacityGrams, 1, CAPACITY_GRAMS_MAX), {
    field: 'capacityGrams',
    code: 'not-between',
    values: { min: 1, max: CAPACITY_GRAMS_MAX },
  });
  refuse(!isCount(minimumGrams, 0, capacityGrams - 1), {
    field: 'minimumGrams',
    code: 'not-below-capacity',
    values: { capacityGrams },
  });
  refuse(!isCount(intervalGrams, 1, capacityGrams), {
    field: 'intervalGrams',
    code: 'not-within-capacity',
    values: { capacityGrams },
  });
  refuse(!INSTANT.test(verifiedUntil) || Number.isNaN(Date.parse(verifiedUntil)), {
    field: 'verifiedUntil',
    code: 'not-a-time',
  });
  refuse(firstSeq !== null && !isCount(firstSeq, 0), { field: 'firstSeq', code: 'not-a-sequence-number' });
  return command.trust.kind === 'signed' ? [...faults, ...keyFaultsOf(command.trust)] : faults;
}

function keyFaultsOf({ kid, key }: Extract<ScaleTrust, { kind: 'signed' }>): readonly FieldFault[] {
  const faults: FieldFault[] = [];
  if (kid.length === 0 || kid.length > KID_LENGTH_MAX) faults.push({ field: 'kid', code: 'not-a-key-id' });
  if ('d' in key) faults.push({ field: 'publicKey', code: 'private-key' });
  else if (!isPublicKey(key)) faults.push({ field: 'publicKey', code: 'not-a-public-key' });
  return faults;
}

/** A key that was not typed by our compiler can have any `kty`, and is none of ours then. */
function isPublicKey({ kty, crv, x, y }: PublicJwk): boolean {
  switch (`${kty} ${crv}`) {
    case 'OKP Ed25519':
      return COORDINATE.test(x) && y === undefined;
    case 'EC P-256':
      return COORDINATE.test(x) && y !== undefined && COORDINATE.test(y);
    case 'OKP P-256':
    case 'EC Ed25519':
    default:
      return false;
  }
}

function isCount(value: number, min: number, max = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max;
}

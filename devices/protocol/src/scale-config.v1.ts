import { z } from 'zod';
import { signMessage, verifyMessage, type SigningKey, type VerifyingKey } from './jws.js';
import { PAYLOAD_BYTES_MAX } from './limits.js';
import { readStrictJson } from './strict-json.js';
import { SCALE_ID_PATTERN } from './topics.js';

export const SCALE_CONFIG_SCHEMA = 'mizan/scale-config/1';

/** What a scale is told about itself and its place: retained on `config`, the payload of a JWS like a receipt. */
export const scaleConfigV1 = z.looseObject({
  schema: z.literal(SCALE_CONFIG_SCHEMA),
  scaleId: z.string().regex(SCALE_ID_PATTERN),
  /** What may be weighed here, with its names for the screen. */
  materials: z.array(z.looseObject({ material: z.string(), name: z.looseObject({ ar: z.string(), en: z.string() }) })),
  /** As the register has them (OIML R 76-1): Max, Min and the verification interval e. */
  limits: z.looseObject({ capacityGrams: z.int(), minimumGrams: z.int(), intervalGrams: z.int() }),
  verifiedUntil: z.iso.datetime(),
  /** When this was sent: a scale without a clock learns the time from it, one with a clock its offset. */
  serverTime: z.iso.datetime(),
});

export type ScaleConfigV1 = z.infer<typeof scaleConfigV1>;

export function signScaleConfig(config: ScaleConfigV1, key: SigningKey): string {
  return signMessage(Buffer.from(JSON.stringify(config)), key);
}

/** The configuration inside a message, or undefined for anything that this installation did not sign as one. */
export function verifyScaleConfig(message: Uint8Array, key: VerifyingKey): ScaleConfigV1 | undefined {
  const opened = verifyMessage(message, key);
  const json = opened.verified ? readStrictJson(opened.payload, PAYLOAD_BYTES_MAX) : undefined;
  return json?.readable ? scaleConfigV1.safeParse(json.value).data : undefined;
}

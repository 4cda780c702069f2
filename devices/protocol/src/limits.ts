/** The whole payload of a message, before or inside its signature. */
export const PAYLOAD_BYTES_MAX = 64 * 1024;

export const REPORTS_PER_MESSAGE_MAX = 100;

/** What a broker must let through: a payload at its limit grows by a third in a signature. */
export const PACKET_BYTES_MAX = 128 * 1024;

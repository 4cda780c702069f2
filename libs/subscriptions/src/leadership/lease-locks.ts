import { type Leader } from './leadership.js';

/**
 * First keys of advisory locks, "MZRL" for the leases of consumers and "MZRM" for those who take part. The second is the
 * hash of a name. They belong to a session: behind a pooler that hands out connections by transaction they mean nothing.
 */
export const LEASE_LOCKS = 0x4d5a524c;
export const MEMBER_LOCKS = 0x4d5a524d;

export interface HeldLease extends Leader {
  readonly lease: string;
}

/** Takes an array of leases; answers those that some session holds, and by whom. */
export const HELD_LEASES = `
  SELECT lease, pid AS "backendPid", coalesce(application_name, '') AS application, host(client_addr) AS address
  FROM unnest($1::text[]) AS lease
  JOIN pg_locks AS held ON held.classid = ${LEASE_LOCKS} AND held.objid = hashtext(lease)::oid AND held.objsubid = 2
  LEFT JOIN pg_stat_activity USING (pid)
  WHERE locktype = 'advisory' AND granted
    AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** Takes the name of a group; answers how many sessions take part in it. */
export const MEMBERS = `
  SELECT count(*)::int AS members FROM pg_locks
  WHERE locktype = 'advisory' AND granted AND classid = ${MEMBER_LOCKS} AND objid = hashtext($1)::oid AND objsubid = 2
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

import { START } from '../event-store.js';
import { streamBounds } from '../read-bounds.js';
import { type ClaimIndex } from './claim-index.js';
import { LogDiffersFromIndex } from './kurrentdb.errors.js';
import { type LogReader } from './log-reader.js';

const PAGE_EVENTS = 5_000;
const NOTICE_EVENTS = 500_000;

/**
 * Brings into the index what the log has beyond it: all of it where the database is new, and what came after the backup
 * from which it was restored. Before anything is appended, since the index answers for every event id.
 * @throws LogDiffersFromIndex, StoreUnavailable
 */
export async function catchUp(index: ClaimIndex, reader: LogReader, onNotice: (line: string) => void): Promise<void> {
  const newest = await index.newest();
  if (newest) {
    const [there] = await reader.readStream(newest.stream, streamBounds({ from: newest.lastRevision, max: 1 }));
    if (there?.event.position !== newest.position) throw new LogDiffersFromIndex(newest.stream, newest.position);
  }
  let after = newest?.position ?? START;
  for (let indexed = 0; ;) {
    const page = await reader.readAll({ after, max: PAGE_EVENTS });
    await index.recordEvents(page);
    after = page.at(-1)?.event.position ?? after;
    indexed += page.length;
    if (page.length < PAGE_EVENTS) return;
    if (indexed % NOTICE_EVENTS === 0) onNotice(`Indexed ${indexed} events of the log in KurrentDB so far`);
  }
}

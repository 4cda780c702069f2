import { ContentConflict, NOT_RECORDED } from './event-store.errors.js';
import { type AppendedAt, type AppendResult, type AtomicAppendResult } from './event-store.js';
import { type PreparedAppend } from './prepared-append.js';

/** What an engine found about an append: what became of it; or, where several go together, that it alone would fit. */
export type Verdict = AppendResult | { readonly outcome: 'withheld' };

/**
 * What became of appends that go together. It is what one append of all their events would be told: what is recorded
 * counts before what was expected, and a repeat contradicts when anything of it differs or is missing.
 * @param verdicts one for each append, in their order; `appended` for all of them or for none
 */
export function atomicResult(appends: readonly PreparedAppend[], verdicts: readonly Verdict[]): AtomicAppendResult {
  const [appended, duplicates] = [placesOf('appended', verdicts), placesOf('duplicate', verdicts)];
  if (appended.length === appends.length) return { outcome: 'appended', appends: appended };
  if (duplicates.length === appends.length) return { outcome: 'duplicate', appends: duplicates };

  const conflicts = verdicts.flatMap((verdict, index) =>
    verdict.outcome === 'conflict' ? [{ index, error: verdict.error }] : [],
  );
  const contradictions = conflicts.filter(({ error }) => error instanceof ContentConflict);
  const differing = contradictions.find(
    ({ error }) => error instanceof ContentConflict && error.recordedFingerprint !== NOT_RECORDED,
  );
  const isRepeat = duplicates.length > 0 || contradictions.length > 0;
  const misfit = differing ?? (isRepeat ? firstMissing(appends, verdicts) : conflicts[0]);
  if (!misfit) throw new Error(`${appends.length} appends that go together have ${verdicts.length} verdicts`);
  return { outcome: 'conflict', ...misfit };
}

function placesOf(outcome: 'appended' | 'duplicate', verdicts: readonly Verdict[]): readonly AppendedAt[] {
  return verdicts.flatMap((verdict) =>
    verdict.outcome === outcome ? [{ position: verdict.position, revision: verdict.revision }] : [],
  );
}

/** The first append that lacks events, in a repeat of which others are recorded. */
function firstMissing(
  appends: readonly PreparedAppend[],
  verdicts: readonly Verdict[],
): { readonly index: number; readonly error: ContentConflict } | undefined {
  const index = verdicts.findIndex(({ outcome }) => outcome !== 'duplicate');
  const [verdict, append] = [verdicts[index], appends[index]];
  if (verdict?.outcome === 'conflict' && verdict.error instanceof ContentConflict) {
    return { index, error: verdict.error };
  }
  const event = append?.events[0];
  if (!event) return undefined;
  return { index, error: new ContentConflict(append.stream, event.id, NOT_RECORDED, event.fingerprint) };
}

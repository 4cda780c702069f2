import { type Fold } from '#kernel';
import { type QuarantineEvent, type ReportQuarantined } from '../events/index.js';

/** A case, as its history tells it. */
export type QuarantinedReport =
  { readonly status: 'unknown' } | { readonly status: 'waiting'; readonly report: ReportQuarantined['data'] };

/** Nothing is decided on the history of a case so far: a message that is repeated opens the same one. */
export const quarantinedReport: Fold<QuarantinedReport, QuarantineEvent> = {
  initialState: { status: 'unknown' },

  evolve(_, { data }) {
    return { status: 'waiting', report: data };
  },
};

import { sameContent, type Decider } from '#kernel';
import { type SchemePublished } from '../events/index.js';
import { AnotherSchemeInForce, SchemeVersionConflict } from './scheme.errors.js';

/** The publication of a version, its document already read (scheme-publication.ts). */
export type PublishScheme = { readonly type: 'PublishScheme' } & SchemePublished['data'];

export type Scheme =
  | { readonly status: 'unpublished' }
  /** As the newest version says. */
  | { readonly status: 'published'; readonly newest: SchemePublished['data'] };

/** A municipality's reward scheme: versions that follow each other, none of which is ever edited. */
export const schemeDecider: Decider<Scheme, PublishScheme, SchemePublished> = {
  initialState: { status: 'unpublished' },

  decide({ municipalityId, schemeId, version, effectiveFrom, scheme }, published) {
    const data = { municipalityId, schemeId, version, effectiveFrom, scheme };
    if (published.status === 'published') {
      const { newest } = published;
      if (sameContent(newest, data)) return [];
      if (newest.schemeId !== schemeId) throw new AnotherSchemeInForce(schemeId, newest.schemeId);
    }
    const next = published.status === 'published' ? published.newest.version + 1 : 1;
    if (version !== next) throw new SchemeVersionConflict(version, next);
    return [{ type: 'SchemePublished', data }];
  },

  evolve(_, { data }) {
    return { status: 'published', newest: data };
  },
};

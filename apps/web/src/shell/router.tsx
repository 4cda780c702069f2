import { type QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { type Role, type Session } from '#api-client';
import { sessionQuery } from '../api/queries.js';
import { GROWTH_DAYS, MUNICIPALITY_TABS, ORDERS, STOCK_SORTS } from './choices.js';
import { PageFrame } from './page-frame.js';
import { ForbiddenPage, NotFoundPage, RouteFailure, StartFailure } from './refusals.js';
import { allowedAt, homeOf } from './roles.js';
import { choiceOf, chosen, type RawSearch, textOf } from './search.js';

interface Context {
  readonly queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw: RawSearch) => chosen({ next: ownPath(raw['next']) }),
  beforeLoad: async ({ context, search }) => {
    const session = await sessionOf(context.queries).catch(() => null);
    if (session !== null) redirect({ href: search.next ?? homeOf(session.account.role), replace: true, throw: true });
  },
  component: lazyRouteComponent(() => import('../public/index.js'), 'SignInPage'),
});

/** Everything behind the sign-in. Nobody gets further than this without a session. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    return { session: (await sessionOf(context.queries)) ?? toSignIn(location.href) };
  },
  component: PageFrame,
  errorComponent: StartFailure,
});

const index = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: ({ context }) => {
    redirect({ to: homeOf(context.session.account.role), replace: true, throw: true });
  },
});

interface Entered {
  readonly context: { readonly session: { readonly account: { readonly role: Role } } };
}

/** Lets only these roles in; the others see which door this is and the way back. */
function only(roles: readonly Role[]) {
  return {
    loader({ context }: Entered): void {
      if (!roles.includes(context.session.account.role)) notFound({ throw: true });
    },
    notFoundComponent: ForbiddenPage,
  };
}

const points = createRoute({
  getParentRoute: () => signedIn,
  path: '/points',
  ...only(allowedAt('/points')),
  validateSearch: (raw: RawSearch) => chosen({ point: textOf(raw['point']), material: textOf(raw['material']) }),
  component: lazyRouteComponent(() => import('../point/index.js'), 'PointsPage'),
});

const household = createRoute({
  getParentRoute: () => signedIn,
  path: '/household',
  ...only(allowedAt('/household')),
  component: lazyRouteComponent(() => import('../household/index.js'), 'OwnHouseholdPage'),
});

const householdOfClerk = createRoute({
  getParentRoute: () => signedIn,
  path: '/households/$householdId',
  ...only(['clerk']),
  component: lazyRouteComponent(() => import('../household/index.js'), 'ClerkHouseholdPage'),
});

const stocks = createRoute({
  getParentRoute: () => signedIn,
  path: '/stocks',
  ...only(allowedAt('/stocks')),
  validateSearch: (raw: RawSearch) =>
    chosen({
      material: textOf(raw['material']),
      point: textOf(raw['point']),
      sort: choiceOf(raw['sort'], STOCK_SORTS),
      order: choiceOf(raw['order'], ORDERS),
      days: choiceOf(String(raw['days']), GROWTH_DAYS),
    }),
  component: lazyRouteComponent(() => import('../recycler/index.js'), 'StocksPage'),
});

const municipality = createRoute({
  getParentRoute: () => signedIn,
  path: '/municipality',
  ...only(allowedAt('/municipality')),
  validateSearch: (raw: RawSearch) =>
    chosen({ tab: choiceOf(raw['tab'], MUNICIPALITY_TABS), search: textOf(raw['search']) }),
  component: lazyRouteComponent(() => import('../municipality/index.js'), 'MunicipalityPage'),
});

const scheme = createRoute({
  getParentRoute: () => signedIn,
  path: '/scheme',
  ...only(allowedAt('/scheme')),
  component: lazyRouteComponent(() => import('../public/index.js'), 'SchemePage'),
});

/** Any other address, within the frame of those who are signed in. */
const nowhere = createRoute({ getParentRoute: () => signedIn, path: '$', component: NotFoundPage });

const routeTree = root.addChildren([
  signIn,
  signedIn.addChildren([index, points, household, householdOfClerk, stocks, municipality, scheme, nowhere]),
]);

/** The addresses of the application. Pages are fetched by audience, each audience in one chunk. */
export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    defaultPreload: 'intent',
    defaultErrorComponent: RouteFailure,
    scrollRestoration: true,
    // What an address says beyond what its route reads is dropped, not passed on unread.
    search: { strict: true },
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}

/** Who is signed in, asked once and remembered until they sign out. */
function sessionOf(queries: QueryClient): Promise<Session | null> {
  return queries.query({ ...sessionQuery, staleTime: 'static' });
}

/** Leaves for the sign-in page, and comes back to this address afterwards. */
function toSignIn(from: string): never {
  redirect({ to: '/sign-in', search: from === '/' ? {} : { next: from }, replace: true, throw: true });
  throw new Error('A redirect that was asked to throw has returned.');
}

/** Only addresses of this application: a link that signs someone in must not lead them elsewhere. */
function ownPath(value: unknown): string | undefined {
  return typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined;
}

import { infiniteQueryOptions, keepPreviousData, QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import { type Demo, type Session } from '#api-client';
import { answerOf, api } from './client.js';
import { CallFailed, mayPass } from './problem.js';

const RETRIES_MAX = 2;
const FRESH_MS = 5_000;
/** How often a page that is looked at asks again, where no live stream tells it to. */
const ASK_AGAIN_MS = 15_000;

/**
 * Remembers answers; asks again on its own only for failures that may pass.
 * @param onSignedOut called when an answer says that the session is over
 */
export function createQueries(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof CallFailed && error.status === 401) onSignedOut();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        // Also without a network: the failed attempt is what tells the page that it is stale.
        networkMode: 'always',
        retry: (failures, error) => failures < RETRIES_MAX && mayPass(error),
      },
      mutations: { networkMode: 'always' },
    },
  });
}

/** Who is signed in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: Infinity,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await answerOf(api.GET('/api/v1/session', { signal }));
    } catch (error) {
      if (error instanceof CallFailed && error.status === 401) return null;
      throw error;
    }
  },
});

/** The demo's accounts; null where this is no demo. */
export const demoQuery = queryOptions({
  queryKey: ['demo'],
  staleTime: Infinity,
  queryFn: async ({ signal }): Promise<Demo | null> => {
    try {
      return await answerOf(api.GET('/api/v1/demo', { signal }));
    } catch (error) {
      if (error instanceof CallFailed && error.status === 404) return null;
      throw error;
    }
  },
});

export const materialsQuery = queryOptions({
  queryKey: ['materials'],
  staleTime: 10 * 60_000,
  queryFn: async ({ signal }) => (await answerOf(api.GET('/api/v1/materials', { signal }))).items,
});

export const schemeQuery = queryOptions({
  queryKey: ['scheme'],
  staleTime: 60_000,
  queryFn: ({ signal }) => answerOf(api.GET('/api/v1/scheme', { signal })),
});

export const pointsQuery = queryOptions({
  queryKey: ['points'],
  refetchInterval: ASK_AGAIN_MS,
  queryFn: ({ signal }) => answerOf(api.GET('/api/v1/points', { signal })),
});

/** How many of the latest weighings the board opens with. */
const RECENT_LIMIT = 30;

export const recentWeighingsQuery = queryOptions({
  queryKey: ['weighings', 'recent'],
  // Only where the live stream starts from; the stream does the rest.
  staleTime: Infinity,
  gcTime: 0,
  queryFn: async ({ signal }) =>
    (await answerOf(api.GET('/api/v1/weighings/recent', { params: { query: { limit: RECENT_LIMIT } }, signal }))).items,
});

/** Everything that a household's page shows begins with this key, so that one weighing refreshes it all. */
export const householdKey = (householdId: string) => ['household', householdId] as const;

export const balanceQuery = (householdId: string) =>
  queryOptions({
    queryKey: [...householdKey(householdId), 'balance'],
    refetchInterval: ASK_AGAIN_MS,
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/v1/households/{householdId}/balance', { params: { path: { householdId } }, signal })),
  });

export const householdGrowthQuery = (householdId: string, days: number) =>
  queryOptions({
    queryKey: [...householdKey(householdId), 'growth', days],
    refetchInterval: ASK_AGAIN_MS,
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/api/v1/households/{householdId}/growth', {
          params: { path: { householdId }, query: { days } },
          signal,
        }),
      ),
  });

const WEIGHINGS_PAGE = 20;

export const householdWeighingsQuery = (householdId: string) =>
  infiniteQueryOptions({
    queryKey: [...householdKey(householdId), 'weighings'],
    initialPageParam: null as string | null,
    getNextPageParam: (page: { nextCursor: string | null }) => page.nextCursor,
    queryFn: ({ signal, pageParam }) =>
      answerOf(
        api.GET('/api/v1/households/{householdId}/weighings', {
          params: { path: { householdId }, query: { limit: WEIGHINGS_PAGE, ...cursorOf(pageParam) } },
          signal,
        }),
      ),
  });

export const stocksQuery = queryOptions({
  queryKey: ['stocks'],
  refetchInterval: ASK_AGAIN_MS,
  queryFn: ({ signal }) => answerOf(api.GET('/api/v1/stocks', { signal })),
});

export const stockGrowthQuery = (days: number, pointId: string | undefined) =>
  queryOptions({
    queryKey: ['stocks', 'growth', days, pointId ?? null],
    refetchInterval: 4 * ASK_AGAIN_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/api/v1/stocks/growth', {
          params: { query: { days, ...(pointId === undefined ? {} : { pointId }) } },
          signal,
        }),
      ),
  });

const LIST_PAGE = 50;

export const householdsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['households', search],
    initialPageParam: null as string | null,
    getNextPageParam: (page: { nextCursor: string | null }) => page.nextCursor,
    placeholderData: keepPreviousData,
    queryFn: ({ signal, pageParam }) =>
      answerOf(
        api.GET('/api/v1/households', {
          params: { query: { limit: LIST_PAGE, ...(search === '' ? {} : { search }), ...cursorOf(pageParam) } },
          signal,
        }),
      ),
  });

export const quarantineQuery = infiniteQueryOptions({
  queryKey: ['quarantine'],
  initialPageParam: null as string | null,
  getNextPageParam: (page: { nextCursor: string | null }) => page.nextCursor,
  refetchInterval: ASK_AGAIN_MS,
  queryFn: ({ signal, pageParam }) =>
    answerOf(
      api.GET('/api/v1/quarantine', { params: { query: { limit: LIST_PAGE, ...cursorOf(pageParam) } }, signal }),
    ),
});

export const scalesQuery = infiniteQueryOptions({
  queryKey: ['scales'],
  initialPageParam: null as string | null,
  getNextPageParam: (page: { nextCursor: string | null }) => page.nextCursor,
  refetchInterval: ASK_AGAIN_MS,
  queryFn: ({ signal, pageParam }) =>
    answerOf(api.GET('/api/v1/scales', { params: { query: { limit: LIST_PAGE, ...cursorOf(pageParam) } }, signal })),
});

export async function signIn(credentials: { login: string; password: string }): Promise<Session> {
  return answerOf(api.POST('/api/v1/session', { body: credentials }));
}

export async function signOut(): Promise<void> {
  await answerOf(api.DELETE('/api/v1/session'));
}

function cursorOf(cursor: string | null): { cursor?: string } {
  return cursor === null ? {} : { cursor };
}

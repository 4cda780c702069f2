import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ScaleState } from '#api-client';
import { pointsQuery, scalesQuery } from '../api/queries.js';
import { type Column, DataTable } from '../shell/data-table.js';
import { Ago, Code, useNow, useQuantities } from '../shell/quantities.js';
import { Answered, Bars, Nothing, Stale } from '../shell/states.js';
import { useLocalText, useWords, Words } from '../shell/words.js';
import classes from './municipality.module.css';
import { missingReports, verificationOf } from './verification.js';

const MINUTE_MS = 60_000;
const STATUS = { online: 'scale.online', offline: 'scale.offline', unknown: 'scale.unknown' } as const;
const TRUST = { signed: 'scale.signed', unsigned: 'scale.unsigned' } as const;

/** Every scale: where it stands, until when it may be believed, and whether it has gaps. */
export function Scales() {
  const query = useInfiniteQuery(scalesQuery);
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <Stale queries={[query]} />
      <Answered query={query} skeleton={<Bars heights={[2.5, 3.5, 3.5, 3.5, 3.5]} />}>
        {() =>
          rows.length === 0 ? (
            <Nothing title={<Words id="scales.none" />} hint={<Words id="scales.none.hint" />} />
          ) : (
            <>
              <ScalesTable rows={rows} />
              {query.hasNextPage ? (
                <Button
                  variant="default"
                  className={classes.more}
                  loading={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  <Words id="list.more" />
                </Button>
              ) : null}
            </>
          )
        }
      </Answered>
    </>
  );
}

function ScalesTable({ rows }: { readonly rows: readonly ScaleState[] }) {
  const say = useWords();
  const text = useLocalText();
  const now = useNow(MINUTE_MS);
  const { count } = useQuantities();
  const { data: points } = useQuery(pointsQuery);
  const columns: readonly Column<ScaleState>[] = [
    { id: 'scale', header: say('scales.scale'), heading: true, cell: ({ scaleId }) => <Code>{scaleId}</Code> },
    {
      id: 'point',
      header: say('scales.point'),
      cell({ pointId }) {
        const point = points?.items.find((item) => item.pointId === pointId);
        return <bdi>{point === undefined ? pointId : text(point.name)}</bdi>;
      },
    },
    {
      id: 'status',
      header: say('scales.status'),
      cell: (scale) => (
        <>
          <Words id={STATUS[scale.status]} />{' '}
          {scale.lastSeenAt === null ? null : (
            <span className={classes.soft}>
              <Ago iso={scale.lastSeenAt} />
            </span>
          )}
        </>
      ),
    },
    { id: 'trust', header: say('scales.trust'), cell: ({ trust }) => <Words id={TRUST[trust]} /> },
    {
      id: 'verified',
      header: say('scales.verified'),
      cell: (scale) => <VerifiedUntil scale={scale} now={now} />,
    },
    {
      id: 'acked',
      header: say('scales.acked'),
      numeric: true,
      cell: ({ ackedSeq }) => (ackedSeq === null ? '—' : count(BigInt(ackedSeq))),
    },
    {
      id: 'gaps',
      header: say('scales.gaps'),
      numeric: true,
      cell: (scale) => <Gaps scale={scale} />,
    },
  ];
  return (
    <DataTable caption={say('municipality.scales')} columns={columns} rows={rows} rowKey={({ scaleId }) => scaleId} />
  );
}

interface VerifiedProps {
  readonly scale: ScaleState;
  readonly now: number;
}

function VerifiedUntil({ scale, now }: VerifiedProps) {
  const { day, distance } = useQuantities();
  const verification = verificationOf(scale, now);
  return (
    <>
      <time dateTime={scale.verifiedUntil}>{day(scale.verifiedUntil)}</time>{' '}
      {verification === 'valid' ? null : (
        <span className={classes.needs}>
          {verification === 'expired' ? <Words id="scales.expired" /> : distance(scale.verifiedUntil, now)}
        </span>
      )}
    </>
  );
}

function Gaps({ scale }: { readonly scale: ScaleState }) {
  const missing = missingReports(scale);
  if (missing === 0n) return <Words id="scales.no-gaps" />;
  return (
    <span className={classes.needs}>
      <Words id="scales.missing" values={{ count: Number(missing) }} />
    </span>
  );
}

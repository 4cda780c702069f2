import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type QuarantinedReport, type ScaleState } from '#api-client';
import { pointsQuery, quarantineQuery, scalesQuery } from '../api/queries.js';
import { Code, Moment, useNow, useQuantities } from '../shell/quantities.js';
import { nextStepMessage, reasonMessage } from '../shell/reasons.js';
import { Answered, Bars, Nothing, Stale } from '../shell/states.js';
import { useLocalText, useWords, Words } from '../shell/words.js';
import classes from './needs-a-person.module.css';
import { missingReports, scalesInNeed, verificationOf } from './verification.js';

const MINUTE_MS = 60_000;

/** Everything that waits for a person: scales by their deadline, then reports that could not be accepted. */
export function NeedsAPerson() {
  const now = useNow(MINUTE_MS);
  const scales = useInfiniteQuery(scalesQuery);
  const reports = useInfiniteQuery(quarantineQuery);
  const inNeed = scalesInNeed(scales.data?.pages.flatMap(({ items }) => items) ?? [], now);
  const waiting = reports.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <Stale queries={[scales, reports]} />
      <div className={classes.needs}>
        <Summary
          reports={reports.data === undefined ? null : waiting.length}
          more={reports.hasNextPage}
          scales={scales.data === undefined ? null : inNeed.length}
        />
        <section aria-labelledby="scales-in-need">
          <h2 id="scales-in-need">
            <Words id="needs.scales" />
          </h2>
          <Answered query={scales} skeleton={<Bars heights={[4, 4]} />}>
            {() =>
              inNeed.length === 0 ? (
                <p className={classes.calm}>
                  <Words id="needs.scales.none" />
                </p>
              ) : (
                <ul className={classes.list}>
                  {inNeed.map((scale) => (
                    <ScaleInNeed key={scale.scaleId} scale={scale} now={now} />
                  ))}
                </ul>
              )
            }
          </Answered>
        </section>
        <section aria-labelledby="reports">
          <h2 id="reports">
            <Words id="needs.reports" />
          </h2>
          <Answered query={reports} skeleton={<Bars heights={[6, 6, 6]} />}>
            {() =>
              waiting.length === 0 ? (
                <Nothing title={<Words id="needs.reports.none" />} hint={<Words id="needs.reports.none.hint" />} />
              ) : (
                <>
                  <ul className={classes.list}>
                    {waiting.map((report) => (
                      <Report key={report.quarantineId} report={report} />
                    ))}
                  </ul>
                  {reports.hasNextPage ? (
                    <Button
                      variant="default"
                      className={classes.more}
                      loading={reports.isFetchingNextPage}
                      onClick={() => void reports.fetchNextPage()}
                    >
                      <Words id="list.more" />
                    </Button>
                  ) : null}
                </>
              )
            }
          </Answered>
        </section>
      </div>
    </>
  );
}

interface SummaryProps {
  readonly reports: number | null;
  readonly more: boolean;
  readonly scales: number | null;
}

function Summary({ reports, more, scales }: SummaryProps) {
  const { count } = useQuantities();
  const figure = (value: number | null): string => (value === null ? '—' : count(value));
  return (
    <dl className={classes.summary}>
      <div data-some={reports !== null && reports > 0}>
        <dt>
          <Words id="needs.reports.count" />
        </dt>
        <dd>
          <bdi className="figure">
            {more ? <Words id="list.at-least" values={{ figure: figure(reports) }} /> : figure(reports)}
          </bdi>
        </dd>
      </div>
      <div data-some={scales !== null && scales > 0}>
        <dt>
          <Words id="needs.scales.count" />
        </dt>
        <dd>
          <bdi className="figure">{figure(scales)}</bdi>
        </dd>
      </div>
    </dl>
  );
}

interface ScaleProps {
  readonly scale: ScaleState;
  readonly now: number;
}

function ScaleInNeed({ scale, now }: ScaleProps) {
  const text = useLocalText();
  const { distance } = useQuantities();
  const { data: points } = useQuery(pointsQuery);
  const point = points?.items.find(({ pointId }) => pointId === scale.pointId);
  const verification = verificationOf(scale, now);
  const missing = missingReports(scale);
  return (
    <li className={classes.item} data-urgent={verification === 'expired'}>
      <p className={classes.subject}>
        <strong>
          <Code>{scale.scaleId}</Code>
        </strong>
        <span>
          <bdi>{point === undefined ? scale.pointId : text(point.name)}</bdi>
        </span>
      </p>
      <ul className={classes.reasons}>
        {verification === 'valid' ? null : (
          <li>
            <Words
              id={verification === 'expired' ? 'needs.verification.expired' : 'needs.verification.soon'}
              values={{
                moment: <Moment iso={scale.verifiedUntil} short />,
                distance: distance(scale.verifiedUntil, now),
              }}
            />
          </li>
        )}
        {missing === 0n ? null : (
          <li>
            <Words id="needs.gap" values={{ count: Number(missing) }} />
          </li>
        )}
        {scale.status === 'offline' ? (
          <li>
            <Words id="needs.offline" />
          </li>
        ) : null}
      </ul>
      <p className={classes.step}>
        <Link to="/municipality" search={{ tab: 'scales' }}>
          <Words id="needs.open-scales" />
        </Link>
      </p>
    </li>
  );
}

function Report({ report }: { readonly report: QuarantinedReport }) {
  const say = useWords();
  return (
    <li className={classes.item} data-urgent="true" data-quarantine={report.quarantineId}>
      <p className={classes.subject}>
        <strong>
          <Code>{report.scaleId}</Code>
        </strong>
        <Moment iso={report.receivedAt} short />
      </p>
      <ul className={classes.reasons}>
        {report.reasons.map((code) => (
          <li key={code}>
            {say(reasonMessage(code), { code })} <Code>{code}</Code>
          </li>
        ))}
      </ul>
      <p className={classes.step}>
        <strong>
          <Words id="needs.next" />
        </strong>{' '}
        {say(nextStepMessage(report.reasons))}
      </p>
      <details className={classes.evidence}>
        <summary>
          <Words id="needs.evidence" />
        </summary>
        {report.details.length === 0 ? null : (
          <ul>
            {report.details.map((detail) => (
              <li key={detail}>
                <bdi>{detail}</bdi>
              </li>
            ))}
          </ul>
        )}
        <dl>
          <Fact term={say('needs.topic')} value={report.topic} />
          <Fact term={say('needs.seq')} value={report.seq === null ? null : String(report.seq)} />
          <Fact term={say('needs.weighing-id')} value={report.weighingId} />
          <Fact term={say('needs.hash')} value={report.messageHash} />
        </dl>
      </details>
    </li>
  );
}

function Fact({ term, value }: { readonly term: string; readonly value: string | null }) {
  return value === null ? null : (
    <div>
      <dt>{term}</dt>
      <dd>
        <Code long>{value}</Code>
      </dd>
    </div>
  );
}

import { type Balance, type HouseholdWeighing, type Point } from '#api-client';
import { roughCredits, shareOf } from '../shell/amounts.js';
import { Beam } from '../shell/beam.js';
import { useMaterials } from '../shell/material.js';
import { Credits, Money, Moment, useQuantities, Weighed } from '../shell/quantities.js';
import { useLocalText, useWords, Words } from '../shell/words.js';
import classes from './earnings.module.css';
import { latestVisit, type Visit } from './visit.js';

interface Props {
  readonly balance: Balance;
  /** Newest first; undefined while they are not here yet. */
  readonly weighings: readonly HouseholdWeighing[] | undefined;
  readonly points: readonly Point[];
}

/** The three answers of the first screen: what was earned, what the last visit counted, how far it is to the cap. */
export function Earnings({ balance, weighings, points }: Props) {
  const credits = BigInt(balance.provisional.microCredits) + BigInt(balance.final.microCredits);
  return (
    <section className={classes.earnings}>
      <div className={classes.earned}>
        <p className={classes.hero}>
          <Credits micro={credits} />
          <span>
            <Words id="unit.credits" values={{ count: roughCredits(credits) }} />
          </span>
        </p>
        <dl className={classes.parts}>
          <div>
            <dt data-kind="final">
              <Words id="earned.final" />
            </dt>
            <dd>
              <Credits micro={balance.final.microCredits} />
            </dd>
          </div>
          <div>
            <dt data-kind="provisional">
              <Words id="earned.provisional" />
            </dt>
            <dd>
              <Credits micro={balance.provisional.microCredits} />
            </dd>
          </div>
        </dl>
        <LastVisit visit={weighings === undefined ? undefined : latestVisit(weighings)} points={points} />
      </div>
      <Reduction balance={balance} />
    </section>
  );
}

interface LastVisitProps {
  readonly visit: Visit | null | undefined;
  readonly points: readonly Point[];
}

function LastVisit({ visit, points }: LastVisitProps) {
  const text = useLocalText();
  const material = useMaterials();
  if (visit === undefined) return <p className={classes.visit} aria-hidden="true" />;
  if (visit === null) {
    return (
      <p className={classes.visit}>
        <Words id="visit.none" />
      </p>
    );
  }
  const point = points.find(({ pointId }) => pointId === visit.pointId);
  const materials = [...new Set(visit.weighings.map((weighing) => weighing.material))];
  return (
    <p className={classes.visit}>
      <Words
        id="visit.last"
        values={{
          moment: <Moment iso={visit.at} short />,
          point: <bdi>{point === undefined ? visit.pointId : text(point.name)}</bdi>,
          weight: <Weighed grams={visit.netGrams} />,
          material: <bdi>{text(material(materials[0] ?? '').name)}</bdi>,
          materials: materials.length,
          credits: (
            <strong className={classes.saffron}>
              <Credits micro={visit.microCredits} />
            </strong>
          ),
        }}
      />
    </p>
  );
}

/** What the credits take off the fee, weighed against the most that is possible, and the bill that is left. */
function Reduction({ balance }: { readonly balance: Balance }) {
  const say = useWords();
  const { money } = useQuantities();
  const cap = BigInt(balance.reductionMaxMinor);
  const final = BigInt(balance.final.reductionMinor);
  const earned = smaller(final + BigInt(balance.provisional.reductionMinor), cap);
  const fee = BigInt(balance.feeMinor);
  const finalShare = shareOf(final, cap);
  if (balance.scheme === null) {
    return (
      <p className={classes.reduction}>
        <Words id="reduction.no-scheme" />
      </p>
    );
  }
  return (
    <div className={classes.reduction}>
      <Beam
        loads={[
          { id: 'final', kind: 'final', share: finalShare },
          { id: 'provisional', kind: 'provisional', share: shareOf(earned, cap) - finalShare },
        ]}
        hanging={
          <>
            <span className={classes.label}>
              <Words id="reduction.earned" />
            </span>
            <strong className={classes.saffron}>
              <Money minor={earned} />
            </strong>
          </>
        }
        limit={
          <>
            <span className={classes.label}>
              <Words id="reduction.cap" />
            </span>
            <strong>
              <Money minor={cap} />
            </strong>
          </>
        }
        caption={say('reduction.caption', { earned: money(earned), cap: money(cap) })}
      />
      <p className={classes.left}>
        {earned >= cap ? (
          <Words id="reduction.reached" />
        ) : (
          <Words id="reduction.left" values={{ left: <Money minor={cap - earned} /> }} />
        )}
      </p>
      <dl className={classes.bill}>
        <div>
          <dt>
            <Words id="bill.fee" />
          </dt>
          <dd>
            <Money minor={fee} />
          </dd>
        </div>
        <div>
          <dt>
            <Words id="bill.reduction" />
          </dt>
          <dd className={classes.saffron}>
            <Money minor={-earned} />
          </dd>
        </div>
        <div>
          <dt>
            <Words id="bill.total" />
          </dt>
          <dd>
            <Money minor={fee - earned} />
          </dd>
        </div>
      </dl>
    </div>
  );
}

function smaller(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

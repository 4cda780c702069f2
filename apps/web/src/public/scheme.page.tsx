import { useQuery } from '@tanstack/react-query';
import { type Scheme } from '#api-client';
import { CallFailed } from '../api/problem.js';
import { schemeQuery } from '../api/queries.js';
import { perKilogram } from '../shell/amounts.js';
import { MaterialLabel, useListedOrder } from '../shell/material.js';
import { PageHeader } from '../shell/page-header.js';
import { Credits, Figure, Money, useQuantities } from '../shell/quantities.js';
import { reasonMessage } from '../shell/reasons.js';
import { Answered, Bars, Nothing, Stale } from '../shell/states.js';
import { useLocalText, useWords, Words } from '../shell/words.js';
import classes from './scheme.module.css';

/** The rules in words: what earns, what a credit is worth, and where it ends. */
export function SchemePage() {
  const query = useQuery(schemeQuery);
  const unpublished = query.error instanceof CallFailed && query.error.status === 404;
  return (
    <>
      <PageHeader title="scheme.title" />
      {unpublished ? (
        <Nothing title={<Words id="scheme.none" />} hint={<Words id="scheme.none.hint" />} />
      ) : (
        <>
          <Stale queries={[query]} />
          <Answered query={query} skeleton={<Bars heights={[3, 9, 18, 8]} />}>
            {(scheme) => <SchemeInWords scheme={scheme} />}
          </Answered>
        </>
      )}
    </>
  );
}

/** What the council decided, readable without knowing how it is stored. */
function SchemeInWords({ scheme }: { readonly scheme: Scheme }) {
  const text = useLocalText();
  const say = useWords();
  const { moment, count } = useQuantities();
  const rates = useListedOrder()(scheme.rates, ({ material }) => material);
  return (
    <article className={classes.scheme}>
      <header className={classes.head}>
        <h2>
          <bdi>{text(scheme.title)}</bdi>
        </h2>
        <p>
          <Words id="scheme.version" values={{ version: count(scheme.version), from: moment(scheme.effectiveFrom) }} />
        </p>
      </header>
      <section>
        <h3>
          <Words id="scheme.rates" />
        </h3>
        <ul className={classes.rates}>
          {rates.map(({ material, microCreditsPerGram }) => (
            <li key={material}>
              <MaterialLabel code={material} size="normal" />
              <p className={classes.rate}>
                <strong>
                  <Credits micro={perKilogram(microCreditsPerGram)} />
                </strong>
                <span>
                  <Words id="scheme.per-kilogram" />
                </span>
              </p>
            </li>
          ))}
        </ul>
        <p className={classes.note}>
          <Words id="scheme.others-earn-nothing" />
        </p>
      </section>
      <section>
        <h3>
          <Words id="scheme.worth" />
        </h3>
        <ol className={classes.rules}>
          <li>
            <CreditValue value={scheme.reductionMinorPerCredit} />
          </li>
          <li>
            <Words id="scheme.fee" values={{ fee: <Money minor={scheme.feeMinor} /> }} />
          </li>
          <li>
            <Words id="scheme.cap" values={{ cap: <Money minor={scheme.reductionMaxMinor} /> }} />
          </li>
          <li>
            <Words id="scheme.rounding" />
          </li>
          <li>
            <Words id="scheme.provisional" />
          </li>
        </ol>
      </section>
      <section>
        <h3>
          <Words id="scheme.despite" />
        </h3>
        {scheme.earnsDespite.length === 0 ? (
          <p>
            <Words id="scheme.despite.none" />
          </p>
        ) : (
          <>
            <p>
              <Words id="scheme.despite.hint" />
            </p>
            <ul className={classes.rules}>
              {scheme.earnsDespite.map((reason) => (
                <li key={reason}>{say(reasonMessage(reason), { code: reason })}</li>
              ))}
            </ul>
          </>
        )}
      </section>
    </article>
  );
}

/** "1 credit takes ₪0.10 off", or, where that is not a whole minor unit, "100 credits take ₪12.50 off". */
function CreditValue({ value }: { readonly value: Scheme['reductionMinorPerCredit'] }) {
  const { count } = useQuantities();
  return (
    <Words
      id="scheme.credit-value"
      values={{
        credits: Number(value.denominator),
        figure: <Figure>{count(BigInt(value.denominator))}</Figure>,
        money: <Money minor={value.numerator} />,
      }}
    />
  );
}

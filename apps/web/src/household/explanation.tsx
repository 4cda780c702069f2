import { type HouseholdWeighing, type Point } from '#api-client';
import { perKilogram, roughCredits } from '../shell/amounts.js';
import { useMaterials } from '../shell/material.js';
import { Code, Credits, Moment, useQuantities, Weighed } from '../shell/quantities.js';
import { reasonMessage } from '../shell/reasons.js';
import { useLocalText, useWords, Words } from '../shell/words.js';
import classes from './explanation.module.css';
import { type Outcome, outcomeOf } from './outcome.js';

interface Props {
  readonly weighing: HouseholdWeighing;
  readonly point: Point | undefined;
}

/** How an amount came about, in words: the weighing, the rule, the amount. */
export function Explanation({ weighing, point }: Props) {
  const outcome = outcomeOf(weighing);
  return (
    <div className={classes.explanation}>
      <h3>
        <Words id="explain.title" />
      </h3>
      <ol className={classes.steps}>
        <li>
          <h4>
            <Words id="explain.weighing" />
          </h4>
          <WeighingStep weighing={weighing} point={point} />
        </li>
        <li>
          <h4>
            <Words id="explain.rule" />
          </h4>
          <RuleStep weighing={weighing} />
        </li>
        <li>
          <h4>
            <Words id="explain.amount" />
          </h4>
          <AmountStep weighing={weighing} outcome={outcome} />
        </li>
      </ol>
      <p className={classes.evidence}>
        <Words
          id="explain.evidence"
          values={{ id: <Code long>{weighing.weighingId}</Code>, position: <Code>{weighing.position}</Code> }}
        />
      </p>
    </div>
  );
}

function WeighingStep({ weighing, point }: Props) {
  const text = useLocalText();
  const material = useMaterials()(weighing.material);
  const where = point === undefined ? weighing.pointId : text(point.name);
  return (
    <>
      <p>
        <Words
          id={weighing.tareGrams === 0 ? 'explain.weighed' : 'explain.weighed.tare'}
          values={{
            moment: <Moment iso={weighing.weighedAt} />,
            point: <bdi>{where}</bdi>,
            material: <bdi>{text(material.name)}</bdi>,
            gross: <Weighed grams={weighing.grossGrams} />,
            tare: <Weighed grams={weighing.tareGrams} />,
            net: (
              <strong>
                <Weighed grams={weighing.netGrams} />
              </strong>
            ),
          }}
        />
      </p>
      {weighing.entry === 'manual' ? (
        <p>
          <Words id="explain.manual" />
        </p>
      ) : null}
    </>
  );
}

function RuleStep({ weighing }: { readonly weighing: HouseholdWeighing }) {
  const text = useLocalText();
  const { count } = useQuantities();
  const material = useMaterials()(weighing.material);
  if (weighing.schemeVersion === null) {
    return (
      <p>
        <Words id="explain.no-scheme" />
      </p>
    );
  }
  const rate = perKilogram(weighing.microCreditsPerGram);
  return (
    <p>
      <Words
        id={rate === 0n ? 'explain.no-rate' : 'explain.rate'}
        values={{
          version: <bdi className="figure">{count(weighing.schemeVersion)}</bdi>,
          material: <bdi>{text(material.name)}</bdi>,
          rate: <Credits micro={rate} />,
          count: roughCredits(rate),
        }}
      />
    </p>
  );
}

interface AmountProps {
  readonly weighing: HouseholdWeighing;
  readonly outcome: Outcome;
}

function AmountStep({ weighing, outcome }: AmountProps) {
  switch (outcome.kind) {
    case 'earned':
      return (
        <>
          <p>
            <Words
              id="explain.product"
              values={{
                net: <Weighed grams={weighing.netGrams} />,
                rate: <Credits micro={perKilogram(weighing.microCreditsPerGram)} />,
                count: roughCredits(weighing.microCredits),
                credits: (
                  <strong className={classes.saffron}>
                    <Credits micro={weighing.microCredits} />
                  </strong>
                ),
              }}
            />
          </p>
          {outcome.despite.length === 0 ? null : <Reasons lead="explain.despite" codes={outcome.despite} />}
          <p className={classes.state}>
            <Words id="explain.provisional" />
          </p>
        </>
      );
    case 'refused':
      return <Reasons lead="explain.refused" codes={outcome.reasons} />;
    case 'no-rate':
    case 'no-scheme':
      return (
        <p>
          <Words id="explain.nothing" />
        </p>
      );
  }
}

interface ReasonsProps {
  readonly lead: 'explain.despite' | 'explain.refused';
  readonly codes: readonly string[];
}

function Reasons({ lead, codes }: ReasonsProps) {
  const say = useWords();
  return (
    <>
      <p>
        <Words id={lead} values={{ count: codes.length }} />
      </p>
      <ul className={classes.reasons}>
        {codes.map((code) => (
          <li key={code}>{say(reasonMessage(code), { code })}</li>
        ))}
      </ul>
    </>
  );
}

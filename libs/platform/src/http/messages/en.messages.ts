import { type Messages } from './messages.js';

export const en = {
  problems: {
    'another-scheme-in-force': {
      title: 'Another scheme is in force',
      detail: 'The scheme of this municipality is {schemeId}; a new version must keep that name.',
    },
    'bad-request': {
      title: 'The request cannot be understood',
      detail: 'Something about the request is not as HTTP or this address wants it.',
    },
    'body-too-large': {
      title: 'The request is too large',
      detail: 'A request may hold {bytesMax, number} bytes at most.',
    },
    'card-already-issued': {
      title: 'The card belongs to somebody',
      detail: 'This card already stands for another household.',
    },
    'cross-site-request': {
      title: 'The request came from another site',
      detail: 'What changes something must be sent from a page of this site. Open Mizan itself and try again there.',
    },
    'household-already-registered': {
      title: 'The household is registered',
      detail: 'Household {householdId} is registered already, with other particulars.',
    },
    'household-not-found': {
      title: 'No such household',
      detail: 'There is no household {householdId} that this account can see.',
    },
    'idempotency-in-progress': {
      title: 'Still being answered',
      detail: 'The first request with this Idempotency-Key is not finished yet. Send it again in a moment.',
    },
    'idempotency-key-reused': {
      title: 'The Idempotency-Key belongs to another request',
      detail: 'This key was used within a day for a request with other content. Make a new key for a new request.',
    },
    internal: {
      title: 'Something went wrong on our side',
      detail: 'Nothing about it is your mistake. Try again; if it stays, give the operator the correlation id.',
    },
    'invalid-input': {
      title: 'Some of the input is not right',
      detail: 'Each wrong field is listed with what is wrong about it.',
    },
    'malformed-body': {
      title: 'The request is not valid JSON',
      detail: 'The body of the request could not be read as JSON.',
    },
    'material-already-listed': {
      title: 'The material is listed',
      detail: 'The material {material} is listed already, with other particulars.',
    },
    'material-not-listed': {
      title: 'The material is not collected',
      detail: 'This municipality does not collect: {materials}.',
    },
    'municipality-already-established': {
      title: 'The municipality is established',
      detail: 'The municipality {municipalityId} is established already, with other particulars.',
    },
    'municipality-full': {
      title: 'No more of these',
      detail:
        'A municipality has at most {max, number} {what, select, materials {sorts of material} points {collection points} other {of these}}.',
    },
    'municipality-not-found': {
      title: 'No such municipality',
      detail: 'There is no municipality {municipalityId} here.',
    },
    'not-allowed': {
      title: 'Not for this account',
      detail: 'The account that is signed in may not see or do this.',
    },
    'not-found': {
      title: 'Nothing is here',
      detail: 'There is nothing at this address.',
    },
    'not-signed-in': {
      title: 'Sign in first',
      detail: 'Nobody is signed in, or the session is over.',
    },
    'point-already-open': {
      title: 'The collection point is open',
      detail: 'The collection point {pointId} is open already, with other particulars.',
    },
    'point-not-open': {
      title: 'No such collection point',
      detail: 'The municipality has opened no collection point {pointId}.',
    },
    'read-model-behind': {
      title: 'Not up to date yet',
      detail: 'What was asked for is recorded but not shown yet. Ask again in a moment.',
    },
    'revision-conflict': {
      title: 'Somebody was faster',
      detail: 'What you are changing was changed by somebody else at the same moment. Look at it again, then decide.',
    },
    'scale-already-registered': {
      title: 'The scale is registered',
      detail: 'Scale {scaleId} is registered already, with other particulars.',
    },
    'scheme-not-found': {
      title: 'No scheme yet',
      detail: 'No reward scheme is in force.',
    },
    'scheme-version-conflict': {
      title: 'Not the next version',
      detail: 'Version {offered, number} cannot be published; the next one is {next, number}.',
    },
    'store-overloaded': {
      title: 'Too busy just now',
      detail: 'Nothing was recorded, because too much is waiting. Try again in a moment.',
    },
    'store-unavailable': {
      title: 'The log cannot be reached',
      detail: 'It is not known whether the request was recorded. Sending the same again is safe.',
    },
    'too-many-attempts': {
      title: 'Too many attempts',
      detail: 'Sign-in failed too often. Try again in {retryAfterSeconds, plural, one {# second} other {# seconds}}.',
    },
    'too-many-idempotency-keys': {
      title: 'Too many idempotency keys',
      detail: 'An account can use {keysMax, number} keys a day.',
    },
    'too-many-streams': {
      title: 'Too many live streams',
      detail: 'As many live streams are open as this installation serves. Try again in a moment.',
    },
    unavailable: {
      title: 'Not available just now',
      detail: 'A part that is needed for the answer cannot be reached. Try again in a moment.',
    },
    'unsupported-body': {
      title: 'The request is not in JSON',
      detail: 'The body of a request must be application/json in UTF-8.',
    },
    'wrong-credentials': {
      title: 'Sign-in failed',
      detail: 'There is no account with this name and password.',
    },
  },
  fields: {
    invalid: 'Is not valid.',
    'more-than-the-fee': 'Must not be more than the yearly fee.',
    'named-twice': 'Must not name the same thing twice.',
    'not-a-boolean': 'Must be true or false.',
    'not-a-colour': 'Must be a colour such as #1b6f5c.',
    'not-a-currency': 'Must be a currency code of ISO 4217, such as ILS.',
    'not-a-cursor': 'Is not a cursor that this list gave out.',
    'not-a-key-id': 'Must be the id of a key, not empty and not too long.',
    'not-a-list': 'Must be a list.',
    'not-a-number': 'Must be a number.',
    'not-a-public-key': 'Must be a public key (JWK) on Ed25519 or P-256.',
    'not-a-scale-id': 'Must be an id of a scale: lower-case letters, digits and dashes.',
    'not-a-sequence-number': 'Must be a sequence number: a whole number from 0.',
    'not-a-time': 'Must be a time in ISO 8601, such as 2026-11-23T08:15:30Z.',
    'not-a-time-zone': 'Must be a time zone by its IANA name, such as Asia/Hebron.',
    'not-a-uuid': 'Must be a UUID.',
    'not-a-waste-code': 'Must be a code of the European List of Waste, such as 20 01 39.',
    'not-an-amount': 'Must be a decimal from 0 to {max} with at most {places, plural, one {# place} other {# places}}.',
    'not-an-id': 'Must be an id: lower-case letters, digits and dashes.',
    'not-an-idempotency-key': 'Must be 1 to 200 visible ASCII characters.',
    'not-an-integer': 'Must be a whole number.',
    'not-an-object': 'Must be an object.',
    'not-below-capacity': 'Must be less than the capacity of {capacityGrams, number} g.',
    'not-between': 'Must be a whole number from {min, number} to {max, number}.',
    'not-for-unsigned': 'An unsigned scale has no key.',
    'not-one-of': 'Must be one of: {allowed}.',
    'not-text': 'Must be text.',
    'not-within-capacity': 'Must be from 1 g to the capacity of {capacityGrams, number} g.',
    'out-of-range': 'Is outside of what is possible.',
    'persons-in-a-shop': 'A shop has 0 persons.',
    'private-key': 'Is a private key. It must never leave the scale: make a new one, and send only its public half.',
    required: 'Is missing.',
    'too-few': 'Must have at least {min, plural, one {# entry} other {# entries}}.',
    'too-large': 'Must be {max, number} or less.',
    'too-long': 'Must have at most {max, plural, one {# character} other {# characters}}.',
    'too-many': 'Must have at most {max, plural, one {# entry} other {# entries}}.',
    'too-short': 'Must have at least {min, plural, one {# character} other {# characters}}.',
    'too-small': 'Must be {min, number} or more.',
    'unknown-field': 'Is not a field of this request.',
    'unknown-material': 'Is not a material of this municipality.',
    'unknown-reason': 'Is not a reason that the contract knows.',
    'wrong-format': 'Does not have the form it must have.',
    'wrong-length': 'Must have {min, number} to {max, number} characters.',
  },
} satisfies Messages;

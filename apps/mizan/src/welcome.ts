import { type Settings } from '#platform';
import { ACCOUNTS, DEMO_CARD, UNSIGNED_SCALE } from './demo/demo-village.js';

/** Where clients of this machine reach the broker. */
export function brokerUrlOf({ mqttUrl, host, mqttPort }: Settings): string {
  return mqttUrl ?? `mqtt://${reachable(host)}:${mqttPort}`;
}

/** What somebody who has just started Mizan wants to know. */
export function welcome(settings: Settings): string {
  const url = `http://${reachable(settings.host)}:${settings.port}`;
  const lines = [
    '',
    'Mizan is running.',
    '',
    `  Pages     ${url}`,
    `  API       ${url}/api/docs`,
    `  Broker    ${brokerUrlOf(settings)}`,
    `  Data      ${settings.dataDir}`,
  ];
  if (settings.demo) {
    lines.push(
      '',
      '  Sign in as',
      ...ACCOUNTS.map(({ role, login, password }) => `    ${role.padEnd(10)} ${login} / ${password}`),
    );
    lines.push(
      '',
      `  To weigh by hand: scale ${UNSIGNED_SCALE.scaleId}, card ${DEMO_CARD} (README.md, "Try it by hand").`,
    );
  }
  return [...lines, '', 'Ctrl-C stops it.'].join('\n');
}

/** An address that means "every one of this machine" is reached by its own. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

import type { Turn } from '../plan/turn.ts'
import { targets } from '../targets/index.ts'
import type { Knob, Setting } from './knob.ts'

/** The algorithms that are tried where the user names none: of the most frequent advice. */
const advised = ['least-connections', 'two-choices']

const lines: Readonly<Record<string, (name: string) => Turn['readBack']>> = {
  reference: (name) => [{ from: 'settings', what: 'algorithm', is: JSON.stringify(name) }],
  nginx: directives({
    'least-connections': 'least_conn;',
    random: 'random;',
    'two-choices': 'random two least_conn;',
    'ip-hash': 'ip_hash;',
  }),
  haproxy: directives({
    'least-connections': 'balance leastconn',
    random: 'balance random(1)',
    'two-choices': 'balance random(2)',
    'ip-hash': 'balance source',
  }),
  caddy: directives({
    'least-connections': 'lb_policy least_conn',
    random: 'lb_policy random',
    'two-choices': 'lb_policy random_choose 2',
    'ip-hash': 'lb_policy ip_hash',
  }),
}

/** The line of the configuration that shows each algorithm; of others, nothing is read back. */
function directives(of: Readonly<Record<string, string>>): (name: string) => Turn['readBack'] {
  return (name) => {
    const what = of[name]
    return what === undefined ? [] : [{ from: 'configuration', what, is: 'present' }]
  }
}

function settingOf(target: string): Setting {
  const own = targets.find(({ name }) => name === target)?.algorithms ?? {}
  return {
    ...{ default: 'round-robin', alternatives: advised.filter((name) => name in own) },
    accepts: { names: Object.keys(own).filter((name) => name !== 'round-robin') },
    turn: (name) => ({ arm: { algorithm: name }, readBack: lines[target]?.(name) ?? [] }),
    paste: (name) => (target === 'reference' ? `algorithm: ${name}` : `# ${own[name] ?? name}`),
  }
}

/** The balancing algorithm. */
export const algorithm: Knob = {
  name: 'algorithm',
  aliases: ['algo'],
  advice: 'Use least connections where service times differ, round robin where they do not.',
  source: 'HAProxy: "balance"; nginx: "least_conn"',
  moves: ['latencyP99', 'throughput', 'cpuPerRequest'],
  settings: Object.fromEntries(Object.keys(lines).map((target) => [target, settingOf(target)])),
}

import { bounds } from '../kit/bounds.ts'
import type { ReadBack } from '../plan/turn.ts'
import type { Knob, Setting } from './knob.ts'

function workersOf(read: (count: string) => ReadBack, line: (count: string) => string): Setting {
  return {
    ...{ default: '1', alternatives: ['2'], accepts: { from: 1, to: bounds.cores } },
    turn: (count) => ({ arm: { cores: Number(count) }, readBack: [read(count)] }),
    paste: line,
  }
}

/** Threads or processes that serve requests. */
export const workers: Knob = {
  name: 'workers',
  aliases: ['gomaxprocs'],
  advice: 'Run one worker for each CPU.',
  source: 'nginx: "worker_processes auto"; Go: GOMAXPROCS',
  moves: ['throughput', 'latencyP99', 'cpuPerRequest'],
  settings: {
    reference: workersOf(
      (is) => ({ from: 'settings', what: 'workers', is }),
      (count) => `workers: ${count}`,
    ),
    nginx: workersOf(
      (is) => ({ from: 'processes', what: '', is }),
      (count) => `worker_processes ${count};`,
    ),
    haproxy: workersOf(
      (is) => ({ from: 'threads', what: '', is }),
      (count) => `nbthread ${count}`,
    ),
    caddy: workersOf(
      (is) => ({ from: 'environment', what: 'GOMAXPROCS', is }),
      (count) => `GOMAXPROCS=${count}  # in its environment`,
    ),
  },
}

import type { LiveHead, LiveMessage } from '../../../src/live/live-message.ts'
import { histogram } from '../../../src/stats/histogram/histogram.ts'

/** A run that is under way, as the process of the live page is sent it: of trials, or of stages. */
export function liveExample(kind: 'bench' | 'load') {
  const head = kind === 'bench' ? benchHead : loadHead
  const message = {
    head,
    points: kind === 'bench' ? benchPoints() : loadPoints(),
    trials: kind === 'bench' ? benchTrials : [],
  }
  const end: LiveMessage = {
    head: {
      ...{ ...head, state: 'ended', current: 'ended', share: 1, left: undefined },
      message: 'run ended: result stored in .lb/last.json',
    },
  }
  return { message, end }
}

const failures = { '<b>status 503</b>': 31, 'timed out': 4 }

const benchHead: LiveHead = {
  ...{ title: 'lb bench  default', state: 'running', message: '' },
  ...{ elapsed: 24, left: 38, share: 8 / 24 },
  current: 'capacity  least-connections ×1, trial 3 of 6',
  limits: 'round-robin ×1: target used 98 % of the CPU that one worker can use',
  troubles: ['machine busy: 1 of 8 trials discarded; other programs used up to 18 % of the CPUs'],
  failures,
  checks: [],
  thresholds: [
    { text: 'p99>20ms', state: 'pending', detail: '' },
    { text: 'throughput<-3%', state: 'fail', detail: '−5.1 %' },
  ],
  table: {
    head: ['arm', 'phase', 'req/s', 'p50', 'p99', 'failed', 'trials'],
    rows: [
      ['least-connections ×1', 'capacity', '15,200', '2.41 ms', '7.20 ms', '0 %', '3'],
      ['round-robin ×1', 'capacity', '14,900', '2.52 ms', '9.84 ms', '0.1 %', '2 (1 discarded)'],
      ['weighted ×1', 'capacity', '14,700', '2.55 ms', '8.91 ms', '0 %', '2'],
    ].map(([name = '', ...cells]) => ({ name, cells })),
  },
}

/** Eight trials of 2.2 s with a pause between two. */
function benchPoints() {
  return Array.from({ length: 240 }, (_, i) => i)
    .filter((i) => i % 30 < 22)
    .map((i) => ({
      ...{ at: (i + 0.5) / 10, seconds: 0.1, failed: 0 },
      done: Math.round((i % 30 < 3 ? 900 : 1490) + 60 * Math.sin(i) - 5 * ((i / 30) | 0)),
    }))
}

const benchTrials = Array.from({ length: 8 }, (_, i) => ({
  at: 3 * i + 2.2,
  name: ['round-robin ×1', 'least-connections ×1', 'weighted ×1'][i % 3] as string,
  p50: 0.0025 + 0.0001 * (i % 3),
  p95: 0.0055 + 0.0003 * (i % 2),
  p99: 0.0085 + 0.0007 * (i % 4),
  failed: 0,
}))

const loadHead: LiveHead = {
  ...{ title: 'lb load  shop', state: 'running', message: '' },
  ...{ elapsed: 60, left: 60, share: 0.5 },
  current: 'stage 2 of 3, hold',
  limits: 'none: the load follows its plan',
  troubles: [],
  failures,
  checks: [
    { name: 'list', passed: 3_921, failed: 2 },
    { name: 'cart', passed: 1_020, failed: 33 },
  ],
  thresholds: [
    { text: 'p99 < 100ms @ hold', state: 'pass', detail: 'p99 48.0 ms' },
    { text: 'errors < 0.1% over 5s', state: 'fail', detail: '0.4 %' },
  ],
  table: {
    head: ['step', 'requests', 'req/s', 'p50', 'p99', 'failed', 'checks'],
    rows: [
      ['list', '3,923', '81', '11.8 ms', '46.1 ms', '0 %', '99.9 %'],
      ['cart', '1,053', '19', '14.0 ms', '52.2 ms', '3.3 %', '96.9 %'],
    ].map(([name = '', ...cells]) => ({ name, cells })),
  },
}

/** A minute: visits rise to 100/s in 40 s, then hold; a stall near the end. */
function loadPoints() {
  return Array.from({ length: 120 }, (_, i) => {
    const at = (i + 0.5) / 2
    const rate = Math.min(100, 2.5 * at)
    const slow = i > 95 && i < 100 ? 6 : 1
    const times = histogram()
    for (let n = 0; n < 100; n++) times.record(slow * (9_000 + 90 * n + (n === 99 ? 25_000 : 0)))
    return {
      ...{ at, seconds: 0.5, planned: rate / 2, sent: rate / 2 },
      ...{ done: rate * 0.65, failed: slow > 1 ? 3 : 0, latency: times.encode() },
    }
  })
}

import type { Knob } from './knob.ts'

/** The limit of long-lived memory. */
export const oldSpace: Knob = {
  name: 'old-space',
  aliases: ['gomemlimit'],
  advice: 'Limit the heap to the memory that the process should use.',
  source: 'Node: --max-old-space-size; Go: GOMEMLIMIT',
  moves: ['rssMean', 'cpuPerRequest', 'latencyP99'],
  settings: {
    reference: {
      ...{ default: 'as V8 chooses', alternatives: ['64'] },
      accepts: { from: 16, to: 65_536, unit: 'MiB' },
      turn: (mebibytes) => ({
        config: { memory: { oldSpace: Number(mebibytes) } },
        readBack: [{ from: 'workers', what: 'oldSpace', is: mebibytes }],
      }),
    },
    caddy: {
      ...{ default: 'no limit', alternatives: ['64'] },
      accepts: { from: 16, to: 65_536, unit: 'MiB' },
      turn: (mebibytes) => ({
        env: { GOMEMLIMIT: `${mebibytes}MiB` },
        readBack: [{ from: 'environment', what: 'GOMEMLIMIT', is: `${mebibytes}MiB` }],
      }),
    },
  },
}

import type { Leaf } from '../../result/diagnosis.ts'
import type { Evidence, Plateau } from './observed.ts'
import type { Symptom } from './symptom.ts'

/** Throughput does not grow with cores, or with the load. */
export const plateau: Symptom = {
  name: 'plateau',
  title: 'plateau',
  examine(evidence) {
    const { plateaus, canPlateau } = evidence
    if (!canPlateau) return { missing: 'one core count and one load: nothing could level off' }
    const found =
      plateaus.length === 0
        ? 'throughput follows cores and load'
        : `throughput levels off at ${plateaus.map(({ subject }) => subject).join(', ')}`
    return { found, leaves: plateaus.map((one) => leafOf(one, evidence)) }
  },
}

function leafOf({ subject, evidence, bottleneck }: Plateau, { propose }: Evidence): Leaf {
  switch (bottleneck) {
    case 'driver':
      return {
        ...{ name: 'driver-limits', subject, evidence, certainty: 'shown' },
        says: 'the load generator is full: the target could do more',
        advice: 'a driver that takes less CPU, or several of them',
        command: propose.again(['--driver', 'lean'], ['--drivers', '2']),
      }
    case 'backends':
      return {
        ...{ name: 'backends-limit', subject, evidence, certainty: 'shown' },
        says: 'the backends are full: the target could do more',
        advice: 'more processes for the backends, or more backends',
        command: propose.again(['--backend-processes', '2']),
      }
    case 'host':
      return {
        ...{ name: 'host-limits', subject, evidence, certainty: 'shown' },
        says: 'the CPUs of the host are used up by target, driver and backends together',
        advice: 'fewer cores for the target, or a larger machine',
        command: propose.host(),
      }
    case 'target':
      return {
        ...{ name: 'target-contends', subject, evidence, certainty: 'likely' },
        says: 'the target is full and gets less from each further core: its workers wait for each other',
        advice: 'CPU time for each request over the number of cores says how much',
        command: propose.tune(
          propose.again(['--cores', '1,2,4'], ['--phase', 'capacity']),
          ...['shared-state', 'workers'],
        ),
      }
    case 'none':
      return {
        ...{ name: 'plateau-open', subject, evidence, certainty: 'open' },
        says: 'nothing was full: requests wait for something that uses no CPU, such as a lock, a pool or a limit',
        advice: 'more connections: where throughput grows with them, the load was too small',
        command: propose.again(['--connections', '200'], ['--phase', 'capacity']),
      }
  }
}

import { percent, rounded } from '../../kit/units.ts'
import type { Leaf } from '../../result/diagnosis.ts'
import { cpuEvidence } from './cpu-evidence.ts'
import type { Evidence, Observed, TargetCpu } from './observed.ts'
import type { Symptom } from './symptom.ts'

/** Fraction of its CPUs from which a target at a fixed load has too little left. */
const nearlyAll = 0.85

/** Fraction of the CPU time in the kernel from which system calls are the cost. A proxy on loopback has some 50 % to 65 %. */
const mostlyKernel = 0.75

/** The target uses more CPU than its load should need. In a closed loop it uses all of it on purpose. */
export const highCpu: Symptom = {
  name: 'high-cpu',
  title: 'high CPU',
  examine(evidence) {
    const measured = evidence.observed.flatMap((one) =>
      one.cpu === undefined ? [] : [{ one, cpu: one.cpu }],
    )
    if (measured.length === 0) return { missing: 'CPU of the target was not measured' }
    const highest = Math.max(...measured.map(({ cpu }) => cpu.used / cpu.given))
    return {
      found: `the target used at most ${percent(highest)} of its CPUs`,
      leaves: measured.flatMap(({ one, cpu }) => leavesOf(one, cpu, evidence)),
    }
  },
}

function leavesOf(one: Observed, cpu: TargetCpu, { propose }: Evidence): Leaf[] {
  const { used, given, busiestThread, system } = cpu
  const use = cpuEvidence(one)
  if (busiestThread !== undefined && given >= 2 && busiestThread >= 0.9 && used < 0.7 * given) {
    return [
      {
        ...{ name: 'one-thread', subject: one.subject, certainty: 'shown' },
        says: 'one thread is full while other CPUs are idle',
        evidence: [...use, `its busiest thread used ${rounded(busiestThread)} CPUs`],
        advice: 'more workers, or more connections, so that every worker gets some',
        command: propose.again(['--cores', `1,${Math.round(given)}`]),
      },
    ]
  }
  const kernel = system === undefined ? 0 : system / used
  if (kernel >= mostlyKernel && used >= 0.5 * given) return [kernelLeaf(one, kernel, use, propose)]
  if (one.load === 'capacity' || used < nearlyAll * given) return []
  return [
    {
      ...{ name: 'full-at-rate', subject: one.subject, certainty: 'shown' },
      says: 'this load needs nearly all CPUs of the target, so that queues grow with every burst',
      evidence: [...use, ...(kernel > 0 ? [`${percent(kernel)} of it in the kernel`] : [])],
      advice: 'more workers, less work for each request, or a lower rate',
      command: propose.profile(propose.capacity('p99<100ms')),
    },
  ]
}

function kernelLeaf(
  one: Observed,
  kernel: number,
  use: readonly string[],
  propose: Evidence['propose'],
): Leaf {
  const { opened, requests, subject } = one
  const evidence = [...use, `${percent(kernel)} of it in the kernel`]
  if (opened !== undefined && opened > requests / 2) {
    return {
      ...{ name: 'connection-for-each-request', subject, certainty: 'shown' },
      says: 'connections are opened for single requests, and the kernel works on handshakes',
      evidence: [...evidence, `${opened} connections for ${requests} requests`],
      advice: 'keep-alive with clients, and a pool of connections to backends',
      command: propose.again(['--phase', 'capacity'], ['--driver', 'lean']),
    }
  }
  return {
    ...{ name: 'mostly-kernel', subject, certainty: 'likely' },
    says: 'the cost is in system calls: small reads and writes, or connections to backends that are not kept',
    evidence,
    advice: 'keep-alive to backends, larger buffers; no log line for each request',
    command: propose.tune(
      propose.again(['--phase', 'capacity'], ['--driver', 'lean']),
      ...['pooling', 'read-buffer', 'access-log'],
    ),
  }
}

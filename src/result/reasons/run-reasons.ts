import { z } from 'zod'
import { closedLoopDriver, phase } from '../../plan/plan.ts'
import { amount, count, text } from './values.ts'

/** Whether a setting that matters is in a configuration file or not. */
const setting = z.strictObject({ setting: text, state: z.enum(['set', 'missing']) })

/** What identifies a host to a reader. */
const machine = z.strictObject({
  cpus: count,
  cpuModel: text,
  memoryBytes: amount,
  kernel: text,
  node: text,
})

/** Warnings about a run: its end, its host, its targets. */
export const runReasons = {
  /** The run was interrupted after so many of the planned trials. */
  interrupted: z.strictObject({ measured: count, planned: count }),
  /** An error ended the run; `detail` is its message. */
  'run-failed': z.strictObject({ detail: text }),
  /** A phase ended on --max-time. */
  'out-of-time': z.strictObject({ phase, blocks: count, planned: count }),
  /** The latency phase ran at a lower rate than configured: the driver was late at that, without a balancer. In req/s. */
  'rate-lowered': z.strictObject({ rate: amount, wantedRate: amount }),
  /** The processes ran from TypeScript sources, which takes more memory. */
  'source-build': z.strictObject({}),
  /** With faults, figures are over the whole window, and requests that backends received were not checked. */
  'whole-window-with-faults': z.strictObject({}),
  /** Each fault happened in one trial only. */
  'faults-seen-once': z.strictObject({}),
  /** The same reference load cost up to `factor` times as much CPU in one trial as in another. */
  'host-speed-varied': z.strictObject({ factor: amount }),
  /** The CPU's instruction counter could not be read; `detail` is the error message. */
  'instructions-not-counted': z.strictObject({ detail: text }),

  /** Processes ran on nodes, where CPU steal, other programs and timer jitter were not read: of results of earlier versions. */
  'hosts-not-watched': z.strictObject({}),
  /** Processes ran on nodes, where timer jitter and the speed of the CPUs are not read. */
  'nodes-partly-watched': z.strictObject({}),

  /** The target lacks the algorithm that was requested. */
  'algorithm-missing': z.strictObject({}),

  /** Where the processes ran, and how many there were of driver and backends. `targetElsewhere`: it was not started by lb. `notPinned`: why the kernel moves processes as it likes. */
  placement: z.strictObject({
    target: z.array(count),
    driver: z.array(count),
    backends: z.array(count),
    drivers: count.optional(),
    backendProcesses: count.optional(),
    workers: count,
    targetElsewhere: z.boolean(),
    notPinned: text.optional(),
  }),

  /**
   * The driver of the capacity phase. `requested`: by flag or scenario. `fast-enough`: with autocannon every target was
   * its own bottleneck. `limits`: with autocannon `arm` was not. `able`: autocannon cannot connect to a target as its settings
   * require. `journeys`: it sends visits.
   */
  'driver-chosen': z.strictObject({
    driver: z.enum([...closedLoopDriver.exclude(['auto']).options, 'visits']),
    cause: z.enum(['requested', 'fast-enough', 'limits', 'able', 'journeys']),
    arm: text.optional(),
  }),

  /** A field of the first response through a target differs from that of the backend. */
  'response-field': z.strictObject({ field: text, through: text, direct: text }),
  /** The bodies are equally long and differ. */
  'response-body': z.strictObject({}),
  /** No response came through the target. */
  'no-response': z.strictObject({ detail: text }),

  /** The user's configuration of a target makes it compress. */
  'config-compresses': setting,
  /** The user's configuration of a target makes it log each request. */
  'config-logs-requests': setting,
  /** The user's configuration of a target makes it open a connection to a backend for each request. */
  'config-closes-connections': setting,
  /** The user's configuration of a target makes it seldom share connections to backends between clients. */
  'config-seldom-shares-connections': setting,
  /** The user's configuration of a target makes it speak HTTP/1.0 to backends. */
  'config-http-1.0': setting,
  /** The user's configuration of a target makes it run another number of workers than the arm has cores. */
  'config-workers': z.strictObject({ setting: text, workers: count }),

  /** The baseline was measured on another host. */
  'host-differs': z.strictObject({ base: machine, head: machine }),
  /** The baseline was measured with another number of usable CPUs. */
  'cpus-differ': z.strictObject({ base: amount, head: amount }),
  /** One of the two runs was measured from compiled code, the other from sources. */
  'build-differs': z.strictObject({}),
  /** The baseline was measured with another value of this field of the plan. */
  'plan-differs': z.strictObject({ field: text }),
  /** The runs that are compared were made at different times. */
  'separate-runs': z.strictObject({}),
  /** The latency phases of the two runs had different rates (req/s) and are not compared. */
  'rates-differ': z.strictObject({ base: amount, head: amount }),
  /** Arms that only the baseline has. */
  'only-in-baseline': z.strictObject({ arms: z.array(text) }),
  /** Arms that the baseline lacks. */
  'not-in-baseline': z.strictObject({ arms: z.array(text) }),

  /** Secrets are not stored: the run cannot be repeated without the values of these flags. */
  'values-hidden': z.strictObject({ flags: z.array(text) }),

  /** A sentence of a version-1 document. */
  'version-1-text': z.strictObject({ text }),
} as const

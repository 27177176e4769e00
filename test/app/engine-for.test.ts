import { expect, test } from 'vitest'
import { engineFor } from '../../src/app/engine-for.ts'
import type { Plan } from '../../src/plan/plan.ts'

/** A plan of these targets. */
function planOn(...targets: string[]): Pick<Plan, 'arms' | 'faults'> {
  return {
    arms: targets.map((target) => ({ name: target, target, algorithm: 'none', cores: 1 })),
  }
}

const fault: NonNullable<Plan['faults']>[number] = { backend: 1, at: 1, effect: { kind: 'kill' } }

test.for<[string, Pick<Plan, 'arms' | 'faults'>, string]>([
  ['drivers=1', planOn('reference'), 'cannot reach a target that lb starts on this one'],
  ['drivers=1,target=1', planOn('reference'), 'cannot reach a target that lb starts on this one'],
  ['drivers=1', planOn('url', 'direct'), 'the control (direct) needs backends'],
  ['drivers=1,backends=1,target=1', planOn('nginx'), 'lb cannot start nginx on a node'],
  ['drivers=1', { ...planOn('url'), faults: [fault] }, 'faults are injected by the clock'],
])('nodes %s: %#', async ([nodes, plan, message]) => {
  await expect(engineFor({ engine: 'slurm', nodes }, plan, 1)).rejects.toThrow(
    `--engine slurm: ${message.startsWith('cannot') ? `drivers on other hosts ${message}` : message}`,
  )
})

test('what lb starts on nodes can be measured there; profiles cannot', async () => {
  const flags = { engine: 'slurm', nodes: 'drivers=2,backends=1,target=1' } as const
  await expect(engineFor(flags, planOn('reference', 'direct'), 1)).resolves.toMatchObject({
    name: 'slurm',
    starts: { backends: true, target: true },
  })
  await expect(engineFor({ ...flags, profile: ['cpu'] }, planOn('url'), 1)).rejects.toThrow(
    '--profile profiles processes of this host',
  )
  await expect(engineFor({ engine: 'local' }, planOn('nginx'), 1)).resolves.toMatchObject({
    name: 'local',
  })
})

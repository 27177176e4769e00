import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { processFamily } from '../../src/meter/process-family.ts'

test('a family is a master and its workers, and no other process', async () => {
  const program = `
    const { spawn } = require('node:child_process')
    const worker = () => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']).pid
    console.log(JSON.stringify([worker(), worker()]))
    setInterval(() => {}, 1e6)`
  const master = spawn(process.execPath, ['-e', program], { detached: true })
  const [line] = await once(master.stdout, 'data')
  const workers: number[] = JSON.parse(String(line))
  const pid = master.pid as number
  try {
    expect(processFamily(pid).sort()).toEqual([pid, ...workers].sort())
  } finally {
    process.kill(-pid, 'SIGKILL')
  }
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { readHostSettings } from '../../src/experiment/tune/read-host-settings.ts'
import { changeCommand, hostSettings, measureCommand } from '../../src/knobs/host-settings.ts'

test('settings of the host are read, each with the command that would change it', () => {
  const root = mkdtempSync(join(tmpdir(), 'lb-test-'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  write('proc/sys/net/ipv4/ip_local_port_range', '32768\t60999\n')
  write('proc/self/limits', 'Max open files            1024                 524288\n')
  const found = readHostSettings(root)
  rmSync(root, { recursive: true })
  expect(found.map(({ name }) => name)).toEqual(hostSettings.map(({ name }) => name))
  expect(found.find(({ name }) => name === 'port-range')).toMatchObject({
    now: '32768 60999',
    change: "sudo sysctl -w net.ipv4.ip_local_port_range='1024 65535'",
  })
  expect(found.find(({ name }) => name === 'open-files')).toMatchObject({
    now: '1024',
    change: 'ulimit -n 65536',
  })
  expect(found.find(({ name }) => name === 'somaxconn')?.now).toBe('not readable')
})

test('none is measured on the host itself: a shell of its own, or a network namespace without root', () => {
  for (const setting of hostSettings) {
    const command = measureCommand(setting, 'lb bench')
    const own = setting.sysctl === undefined ? /^sh -c 'ulimit/ : /^unshare --map-root-user --net /
    expect([setting.name, own.test(command)]).toEqual([setting.name, true])
    expect(command).not.toContain('sudo')
    expect(changeCommand(setting)).not.toContain('tcp_tw_recycle')
  }
})

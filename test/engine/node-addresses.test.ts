import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { addressOf, nodeAddresses } from '../../src/engine/node-addresses.ts'

function found(address: string, internal = false): NetworkInterfaceInfo {
  const [family, netmask] = address.includes(':') ? ['IPv6', 'ffff::'] : ['IPv4', '255.0.0.0']
  return { address, family, netmask, internal, mac: '', cidr: null } as NetworkInterfaceInfo
}

const interfaces = {
  lo: [found('127.0.0.1', true), found('::1', true)],
  eth0: [found('fe80::1'), found('fd00::7'), found('10.0.0.7')],
  eth1: [found('192.168.1.7')],
}

test('addresses are those of interfaces, IPv4 first, those of the host itself last, and none of a link', () => {
  const own = ['10.0.0.7', '192.168.1.7', 'fd00::7', '127.0.0.1', '::1']
  expect(nodeAddresses({ env: {}, interfaces })).toEqual(own)
  const bySsh = { SSH_CONNECTION: '192.168.1.1 4711 192.168.1.7 22' }
  expect(nodeAddresses({ env: bySsh, interfaces })[0]).toBe('192.168.1.7')
  // Of the shell that srun was called in, on another host.
  expect(nodeAddresses({ env: { ...bySsh, SLURM_PROCID: '0' }, interfaces })).toEqual(own)
})

test('the network of a file chooses among them', () => {
  const addresses = nodeAddresses({ env: {}, interfaces })
  expect(addressOf({ node: 'n1', addresses }, undefined)).toBe('10.0.0.7')
  expect(addressOf({ node: 'n1', addresses }, '192.168.0.0/16')).toBe('192.168.1.7')
  expect(() => addressOf({ node: 'n1', addresses }, '172.16.0.0/12')).toThrow(
    'node n1 has no address in 172.16.0.0/12 (10.0.0.7, ',
  )
})

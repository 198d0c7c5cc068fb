import { describe, expect, it } from 'vitest'
import { isLocalNetworkAddress, isLoopbackAddress, isPublicAddress } from '#kit/net/public-address'

describe('on the public internet', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.0.3.0',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2001:200::1',
    '2001:4860:4860::8888',
    '2606:4700:4700::1111',
    '2a00:1450:4001:80f::200e',
  ])('%s is', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it.each([
    ['this network', '0.0.0.0'],
    ['private', '10.0.0.1'],
    ['shared by a carrier', '100.64.0.1'],
    ['loopback', '127.255.255.254'],
    ['metadata of a cloud', '169.254.169.254'],
    ['private', '172.31.255.255'],
    ['a protocol assignment', '192.0.0.8'],
    ['documentation', '192.0.2.1'],
    ['a relay of 6to4', '192.88.99.1'],
    ['private', '192.168.1.1'],
    ['a benchmark', '198.19.255.255'],
    ['documentation', '198.51.100.7'],
    ['documentation', '203.0.113.7'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['mapped IPv4, loopback', '::ffff:127.0.0.1'],
    ['mapped IPv4, metadata', '::ffff:a9fe:a9fe'],
    ['mapped IPv4, a public one', '::ffff:8.8.8.8'],
    ['compatible IPv4', '::a9fe:a9fe'],
    ['translated IPv4', '::ffff:0:7f00:1'],
    ['NAT64', '64:ff9b::a9fe:a9fe'],
    ['local NAT64', '64:ff9b:1::a00:1'],
    ['discarded', '100::1'],
    ['Teredo', '2001::1'],
    ['ORCHID', '2001:20::1'],
    ['documentation', '2001:db8::1'],
    ['6to4', '2002:7f00:1::'],
    ['documentation', '3fff::1'],
    ['segment routing', '5f00::1'],
    ['unique local', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['multicast', 'ff02::1'],
    ['a name', 'example.com'],
    ['nothing', ''],
  ])('%s is not: %s', (_, address) => {
    expect(isPublicAddress(address)).toBe(false)
  })
})

describe.each([
  [
    'of this machine',
    isLoopbackAddress,
    ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
  ],
  [
    'of a local network',
    isLocalNetworkAddress,
    ['10.1.2.3', '100.100.100.100', '172.16.0.1', '192.168.1.20', 'fd00::1', '::ffff:10.0.0.1'],
  ],
] as const)('%s', (_, isOne, addresses) => {
  it.each(addresses)('%s is', (address) => {
    expect(isOne(address)).toBe(true)
  })

  it.each(['8.8.8.8', '169.254.169.254', '0.0.0.0', '64:ff9b::7f00:1', '2606:4700::1', 'localhost', ''])(
    '%j is not',
    (address) => {
      expect(isOne(address)).toBe(false)
    },
  )
})

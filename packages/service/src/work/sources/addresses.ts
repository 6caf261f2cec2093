import ipaddr from "ipaddr.js";

const globalIPv6 = ipaddr.IPv6.parseCIDR("2000::/3");

/** Which addresses may be reached. */
export class AddressRules {
  private readonly _hosts: ReadonlySet<string>;
  private readonly _networks: [ipaddr.IPv4 | ipaddr.IPv6, number][];

  /** @param allowedPrivateHosts - names of hosts, addresses, and networks (CIDR) that may be reached wherever they are */
  public constructor(allowedPrivateHosts: string[]) {
    this._hosts = new Set(allowedPrivateHosts.map((host) => host.toLowerCase()));
    this._networks = allowedPrivateHosts.flatMap((host) => toNetwork(host));
  }

  /** Whether a host may be reached at an address. Of the public Internet, all may; else none that is not allowed. */
  public allows(host: string, address: string): boolean {
    if (this._hosts.has(host.toLowerCase())) return true;
    // An IPv4 address in the form of an IPv6 address is the IPv4 address.
    const parsed = ipaddr.process(address);
    if (isPublic(parsed)) return true;
    return this._networks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits));
  }
}

/** The host of a virtual machine in Azure answers there, to the machine alone, although the address is a public one. */
const azureHost = "168.63.129.16";

/** What has a purpose of its own is left out, and of IPv6 all that is not handed out: an IPv4 address may hide in it. */
function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.toString() === azureHost) return false;
  return address.range() === "unicast" && (address.kind() === "ipv4" || address.match(globalIPv6));
}

/** The address that a host of a URL is, if it is one and no name. */
export function addressIn(hostname: string): string | undefined {
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  return ipaddr.isValid(address) ? address : undefined;
}

function toNetwork(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number][] {
  if (ipaddr.isValidCIDR(text)) return [ipaddr.parseCIDR(text)];
  if (!ipaddr.isValid(text)) return [];
  const address = ipaddr.process(text);
  return [[address, address.kind() === "ipv4" ? 32 : 128]];
}

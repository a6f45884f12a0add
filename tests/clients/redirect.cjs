// Before anything else in a process of a client (node -r): what it would connect to at REDIRECT_FROM
// goes to REDIRECT_TO_PORT of this machine, as an entry of the hosts file would do it. A connection to
// anywhere else is refused, so that nothing leaves the machine.

const net = require('node:net');

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function(...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (options?.host !== process.env.REDIRECT_FROM)
    throw new Error(`a connection to ${options?.host ?? options}, which is not redirected`);
  options.host = '127.0.0.1';
  options.port = Number(process.env.REDIRECT_TO_PORT);
  return connect.apply(this, args);
};

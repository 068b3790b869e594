/* The parent process: it holds the listening socket, runs the server in a child, and starts the
 * child again at once when it dies of a signal (BUG() aborts). Meanwhile connections wait in the
 * socket's queue; none is refused. */
#ifndef SUPERVISE_H
#define SUPERVISE_H

/* Runs child(listen_fd, ctx) in a new process; its return value is that process's exit code.
 * listen_fd (as http_config.listen_fd, with listen NULL) lives through restarts. Call it before any
 * thread is started. SIGTERM, SIGINT and SIGHUP are passed on to the child, which has the signal
 * mask of the caller; it is also sent SIGTERM when the parent dies. Returns what the child exited
 * with, or 128 + the signal that killed it while stopping or for the fifth time in 10 seconds (then
 * it is given up); 1 when the socket cannot be opened or no process be made. */
int supervise(const char *listen, int (*child)(int listen_fd, void *ctx), void *ctx);

#endif

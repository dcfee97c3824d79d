package latchhook

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"latchhook.example/latchhook/api"
)

const (
	// Most rows of one call.
	most = 500
	// Most rows that wait; what comes on top is dropped, and counted in a warning.
	capacity = 10_000
	// Time that a row waits for others at most.
	interval = time.Second
)

// requestLogs are rows of accounts' API logs, sent in the background.
type requestLogs struct {
	client *Client
	logger *slog.Logger
	// Held while rows are sent, so that those of one account stay in order.
	sending sync.Mutex
	// Guards what follows.
	lock    sync.Mutex
	waiting []waitingRow
	dropped int
	timer   *time.Timer
}

type waitingRow struct {
	account string
	row     api.ReportedRequest
}

func newRequestLogs(client *Client, logger *slog.Logger) *requestLogs {
	return &requestLogs{client: client, logger: logger}
}

// add takes a row to be sent; it never waits for the network.
func (l *requestLogs) add(account string, row api.ReportedRequest) {
	l.lock.Lock()
	defer l.lock.Unlock()
	if len(l.waiting) >= capacity {
		l.dropped++
		return
	}
	l.waiting = append(l.waiting, waitingRow{account, row})
	if l.timer == nil {
		l.timer = time.AfterFunc(interval, func() { l.flush(context.Background()) })
	}
}

// flush sends everything that waits, and returns when that is done.
func (l *requestLogs) flush(ctx context.Context) {
	l.sending.Lock()
	defer l.sending.Unlock()
	rows, dropped := l.take()
	if dropped > 0 {
		l.warn(ctx, "%d rows of request logs were dropped: too many waited", dropped)
	}
	for len(rows) > 0 {
		account := rows[0].account
		var ours []api.ReportedRequest
		var others []waitingRow
		for _, waiting := range rows {
			if waiting.account == account {
				ours = append(ours, waiting.row)
			} else {
				others = append(others, waiting)
			}
		}
		for some := range slices.Chunk(ours, most) {
			l.report(ctx, account, some)
		}
		rows = others
	}
}

func (l *requestLogs) take() ([]waitingRow, int) {
	l.lock.Lock()
	defer l.lock.Unlock()
	if l.timer != nil {
		l.timer.Stop()
	}
	rows, dropped := l.waiting, l.dropped
	l.waiting, l.dropped, l.timer = nil, 0, nil
	return rows, dropped
}

func (l *requestLogs) report(ctx context.Context, account string, rows []api.ReportedRequest) {
	body := api.ReportRequests{RequestLogs: rows}
	if _, err := l.client.PostRequestLogs(ctx, body, Account(account)); err != nil {
		l.warn(ctx, "%d rows of request logs were lost: %v", len(rows), err)
	}
}

func (l *requestLogs) warn(ctx context.Context, message string, arguments ...any) {
	l.logger.WarnContext(ctx, fmt.Sprintf(message, arguments...))
}

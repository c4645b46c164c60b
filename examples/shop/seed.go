package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	_ "embed"
)

//go:embed schema.sql
var schema string

// seedOnce makes the tables of a new database and fills them. It does both in
// one transaction, so a shop that is stopped half-way starts afresh.
func seedOnce(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var version int
	if err := tx.QueryRowContext(ctx, `pragma user_version`).Scan(&version); err != nil || version > 0 {
		return err
	}
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return err
	}
	if err := seed(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `pragma user_version = 1`); err != nil {
		return err
	}
	return tx.Commit()
}

func seed(ctx context.Context, tx *sql.Tx) (err error) {
	insert := func(query string, args ...any) {
		if err == nil {
			_, err = tx.ExecContext(ctx, query, args...)
		}
	}
	for i, p := range seedProducts {
		id := i + 1
		insert(`insert into product values (?, ?, ?, ?, ?, ?, ?, ?)`,
			id, p.name, p.tagline, p.description, p.cents, p.shape, p.color, p.shade)
		for _, r := range p.reviews {
			insert(`insert into review (product, author, stars, words, written) values (?, ?, ?, ?, ?)`,
				id, r.author, r.stars, r.words, r.written)
		}
	}
	for i, products := range seedOrders {
		insert(`insert into purchase (id) values (?)`, i+1)
		for _, product := range products {
			insert(`insert into purchase_line select ?, id, 1, cents from product where id = ?`, i+1, product)
		}
	}
	insert(`insert into secret values (?)`, randomBytes(32))
	for _, u := range seedUsers {
		salt := randomBytes(16)
		hash, hashErr := hashPassword(u.password, salt)
		if hashErr != nil {
			return hashErr
		}
		insert(`insert into user (name, email, salt, hash) values (?, ?, ?, ?)`, u.name, u.email, salt, hash)
	}
	return err
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails: it ends the process instead
	return b
}

package main

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite", in pure Go
)

// Store is the shop's database.
type Store struct {
	db *sql.DB

	// Slow, if set, is called before each of the two slow queries with its
	// name. The -delay flag waits here, and so do the tests.
	Slow func(ctx context.Context, query string) error
}

// ErrNotFound is returned for a product that the shop does not sell.
var ErrNotFound = errors.New("not found")

// ErrLogin is returned when no user has this email address and password.
var ErrLogin = errors.New("wrong email address or password")

// Product is one thing the shop sells.
type Product struct {
	ID          int
	Name        string
	Tagline     string
	Description string
	Price       Cents
	Picture     Picture
}

// Review is what one customer says about one product.
type Review struct {
	Author  string
	Stars   Stars
	Words   string
	Written time.Time
}

// User is a customer with an account.
type User struct {
	ID      int
	Name    string
	Email   string
	Session int // zero until it is begun
}

// Order is a cart that was bought.
type Order struct {
	ID     int
	Placed time.Time
	Pieces int
	Total  Cents
}

// Cents is an amount of money.
type Cents int

func (c Cents) String() string { return fmt.Sprintf("€%d.%02d", c/100, c%100) }

// Stars is a rating from 1 to 5.
type Stars int

func (s Stars) String() string {
	return strings.Repeat("★", int(s)) + strings.Repeat("☆", 5-int(s))
}

// Open opens the database in file, and makes and fills it if it is new.
func Open(ctx context.Context, file string) (*Store, error) {
	options := url.Values{
		"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}
	name := url.URL{Scheme: "file", OmitHost: true, Path: file, RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	if err := seedOnce(ctx, db); err != nil {
		db.Close()
		return nil, fmt.Errorf("opening the database %s: %w", file, err)
	}
	return &Store{db: db}, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Secret returns the secret that signs this shop's cookies.
func (s *Store) Secret(ctx context.Context) (secret []byte, err error) {
	err = s.db.QueryRowContext(ctx, `select value from secret`).Scan(&secret)
	return secret, err
}

const productColumns = `id, name, tagline, description, cents, shape, color, shade`

func scanProduct(row interface{ Scan(...any) error }) (p Product, err error) {
	var shape, color, shade string
	err = row.Scan(&p.ID, &p.Name, &p.Tagline, &p.Description, &p.Price, &shape, &color, &shade)
	p.Picture = draw(shape, color, shade)
	return p, err
}

func (s *Store) products(ctx context.Context, query string, args ...any) ([]Product, error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var products []Product
	for rows.Next() {
		p, err := scanProduct(rows)
		if err != nil {
			return nil, err
		}
		products = append(products, p)
	}
	return products, rows.Err()
}

// Products returns everything the shop sells.
func (s *Store) Products(ctx context.Context) ([]Product, error) {
	return s.products(ctx, `select `+productColumns+` from product order by id`)
}

// maxWords is how many words of a search count. Each is a term of the query, and
// who sends thousands must not keep the database busy.
const maxWords = 20

// Search returns the products that contain every one of the words.
func (s *Store) Search(ctx context.Context, words string) ([]Product, error) {
	query := `select ` + productColumns + ` from product where true`
	var args []any
	for word := range strings.FieldsSeq(words) {
		if len(args) == maxWords {
			break
		}
		query += ` and instr(lower(name || ' ' || tagline || ' ' || description), lower(?)) > 0`
		args = append(args, word)
	}
	if args == nil {
		return nil, nil
	}
	return s.products(ctx, query+` order by name limit 50`, args...)
}

// Product returns one product, or ErrNotFound.
func (s *Store) Product(ctx context.Context, id int) (Product, error) {
	p, err := scanProduct(s.db.QueryRowContext(ctx, `select `+productColumns+` from product where id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return p, err
}

func (s *Store) slow(ctx context.Context, query string) error {
	if s.Slow == nil {
		return nil
	}
	return s.Slow(ctx, query)
}

// Reviews returns the reviews of a product, the newest first. It is slow.
func (s *Store) Reviews(ctx context.Context, product int) ([]Review, error) {
	if err := s.slow(ctx, "reviews"); err != nil {
		return nil, err
	}
	rows, err := s.db.QueryContext(ctx,
		`select author, stars, words, written from review where product = ? order by written desc`, product)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var reviews []Review
	for rows.Next() {
		var r Review
		if err := rows.Scan(&r.Author, &r.Stars, &r.Words, &r.Written); err != nil {
			return nil, err
		}
		reviews = append(reviews, r)
	}
	return reviews, rows.Err()
}

// Recommended returns what is most often bought together with a product. It is slow.
func (s *Store) Recommended(ctx context.Context, product int) ([]Product, error) {
	if err := s.slow(ctx, "recommended"); err != nil {
		return nil, err
	}
	return s.products(ctx, `
		select `+productColumns+` from product
		join (
			select other.product as id, count(*) as times
			from purchase_line mine
			join purchase_line other on other.purchase = mine.purchase and other.product <> mine.product
			where mine.product = ?
			group by other.product
		) using (id)
		order by times desc, id limit 4`, product)
}

// Login returns the user with this email address and password, or ErrLogin.
func (s *Store) Login(ctx context.Context, email, password string) (User, error) {
	var u User
	var salt, hash []byte
	err := s.db.QueryRowContext(ctx, `select id, name, email, salt, hash from user where email = ?`, email).
		Scan(&u.ID, &u.Name, &u.Email, &salt, &hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return User{}, err
	}
	// The password is hashed for an unknown user too, so that the time taken
	// does not tell who has an account.
	given, hashErr := hashPassword(password, salt)
	if hashErr != nil {
		return User{}, hashErr
	}
	if err != nil || subtle.ConstantTimeCompare(given, hash) == 0 {
		return User{}, ErrLogin
	}
	return u, nil
}

func hashPassword(password string, salt []byte) ([]byte, error) {
	return pbkdf2.Key(sha256.New, password, salt, 100_000, 32)
}

// BeginSession signs the user in, until EndSession.
func (s *Store) BeginSession(ctx context.Context, user User) (User, error) {
	err := s.db.QueryRowContext(ctx, `insert into session (user) values (?) returning id`, user.ID).Scan(&user.Session)
	return user, err
}

// EndSession signs the user out, wherever a copy of the cookie may be.
func (s *Store) EndSession(ctx context.Context, user User) error {
	_, err := s.db.ExecContext(ctx, `delete from session where id = ? and user = ?`, user.Session, user.ID)
	return err
}

// SignedIn reports whether the user's session has not ended.
func (s *Store) SignedIn(ctx context.Context, user User) (in bool, err error) {
	err = s.db.QueryRowContext(ctx, `select exists (select 1 from session where id = ? and user = ?)`, user.Session, user.ID).Scan(&in)
	return in, err
}

// PlaceOrder buys what is in the cart, at today's prices.
func (s *Store) PlaceOrder(ctx context.Context, user User, cart Cart) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	placed, err := tx.ExecContext(ctx, `insert into purchase (user) values (?)`, user.ID)
	if err != nil {
		return err
	}
	id, err := placed.LastInsertId()
	if err != nil {
		return err
	}
	for _, item := range cart {
		_, err := tx.ExecContext(ctx, `
			insert into purchase_line (purchase, product, quantity, cents)
			select ?, id, ?, cents from product where id = ?`, id, item.Quantity, item.Product)
		if err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Orders returns what a user has bought, the newest first.
func (s *Store) Orders(ctx context.Context, user User) ([]Order, error) {
	rows, err := s.db.QueryContext(ctx, `
		select purchase.id, placed, sum(quantity), sum(quantity * cents)
		from purchase join purchase_line on purchase = purchase.id
		where user = ? group by purchase.id order by purchase.id desc`, user.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var orders []Order
	for rows.Next() {
		var o Order
		if err := rows.Scan(&o.ID, &o.Placed, &o.Pieces, &o.Total); err != nil {
			return nil, err
		}
		orders = append(orders, o)
	}
	return orders, rows.Err()
}

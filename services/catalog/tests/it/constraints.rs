//! What the tables refuse, whoever writes to them.

use catalog::rows::{product as product_row, reservation, reservation_line, stock};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait as _, EntityTrait as _,
    QueryFilter as _, Set,
};
use shop_kernel::{Clock as _, OrderId, SystemClock};

use crate::support::{Stage, ada, product};

#[tokio::test]
async fn stock_never_falls_below_zero() {
    for stage in Stage::all().await {
        for column in [stock::Column::Available, stock::Column::Held] {
            let update = stock::Entity::update_many()
                .col_expr(column, Expr::value(-1_i64))
                .filter(stock::Column::ProductId.eq(product("blue-mug").uuid()));

            assert!(update.exec(&stage.db).await.is_err(), "{column:?} went below zero");
        }
    }
}

#[tokio::test]
async fn a_price_is_never_nothing() {
    for stage in Stage::all().await {
        for column in [product_row::Column::PriceKrw, product_row::Column::PriceUsd] {
            let update = product_row::Entity::update_many().col_expr(column, Expr::value(0_i64));

            assert!(update.exec(&stage.db).await.is_err(), "{column:?} became nothing");
        }
    }
}

#[tokio::test]
async fn two_products_never_share_a_slug() {
    for stage in Stage::all().await {
        let update = product_row::Entity::update_many()
            .col_expr(product_row::Column::Slug, Expr::value("blue-mug"));

        assert!(update.exec(&stage.db).await.is_err());
    }
}

#[tokio::test]
async fn a_product_is_in_a_category_that_exists() {
    for stage in Stage::all().await {
        let update = product_row::Entity::update_many()
            .col_expr(product_row::Column::Category, Expr::value("weapons"));

        assert!(update.exec(&stage.db).await.is_err());
    }
}

#[tokio::test]
async fn a_reservation_is_in_one_of_four_states() {
    for stage in Stage::all().await {
        let insert = "INSERT INTO reservations (order_id, customer_id, state, changed_at) \
                      SELECT id, id, 'half-reserved', added_at FROM products";

        assert!(stage.db.execute_unprepared(insert).await.is_err());
    }
}

#[tokio::test]
async fn a_line_holds_one_to_ninety_nine_of_a_product_for_an_order_that_exists() {
    for stage in Stage::all().await {
        let order = OrderId::generate();
        let now = SystemClock.now();
        reservation::decide(&stage.db, order, ada(), reservation::State::Rejected, now)
            .await
            .unwrap();
        let line = |order: OrderId, quantity| reservation_line::ActiveModel {
            order_id: Set(order.uuid()),
            product_id: Set(product("blue-mug").uuid()),
            quantity: Set(quantity),
        };

        for refused in [line(order, 0), line(order, 100), line(OrderId::generate(), 1)] {
            assert!(refused.clone().insert(&stage.db).await.is_err(), "{refused:?} was taken");
        }
        line(order, 99).insert(&stage.db).await.unwrap();
        assert!(line(order, 1).insert(&stage.db).await.is_err(), "one product had two lines");
    }
}

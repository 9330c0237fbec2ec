//! The tables of this service, after those of the chassis.

mod m0001_payments;
mod m0002_credit_accounts;
mod m0003_payment_methods;

use sea_orm_migration::MigrationTrait;

pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    let mut all = chassis_messaging::migrations();
    all.push(chassis::auth::migration());
    all.push(Box::new(m0001_payments::CreatePayments));
    all.push(Box::new(m0002_credit_accounts::CreateCreditAccounts));
    all.push(Box::new(m0003_payment_methods::CreatePaymentMethods));
    all
}
